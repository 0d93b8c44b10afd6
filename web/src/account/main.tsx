import { render } from "preact";

function Account() {
  return <p>Sign in to see your account.</p>;
}

render(<Account />, document.getElementById("account") as HTMLElement);
