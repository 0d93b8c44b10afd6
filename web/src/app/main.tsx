import { hydrate } from "preact";
import { App } from "./App";
import "./app.css";

hydrate(<App />, document.getElementById("app") as HTMLElement);
