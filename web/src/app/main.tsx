import { render } from "preact";

function App() {
  return <p>Drop a file here.</p>;
}

render(<App />, document.getElementById("app") as HTMLElement);
