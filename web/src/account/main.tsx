import { render } from "preact";
import { Account } from "./Account";

render(<Account />, document.getElementById("account") as HTMLElement);
