import { useEffect, useRef, useState } from "preact/hooks";
import type { Problem } from "../app/task";
import { Trouble } from "./Loading";
import { sendLink } from "./service";
import { tried } from "./session";

const WHY = { ended: "You are no longer signed in.", left: "You are signed out.", new: null };

export function SignIn({ why }: { why: keyof typeof WHY }) {
  const [sent, setSent] = useState<{ email: string; message: string } | null>(null);
  if (sent) return <Sent {...sent} onOther={() => setSent(null)} />;
  return (
    <>
      {WHY[why] && (
        <p class="notice" role="status">
          {WHY[why]}
        </p>
      )}
      <Form onSent={(email, message) => setSent({ email, message })} />
    </>
  );
}

function Form({ onSent }: { onSent: (email: string, message: string) => void }) {
  const [email, setEmail] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const send = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    setProblem(await tried(async () => onSent(email, (await sendLink(email)).message)));
    setBusy(false);
  };
  return (
    <form class="card sign-in stack" onSubmit={(event) => void send(event)}>
      <h2>Sign in, or create an account</h2>
      <p class="muted">We send you a link. There is no password, and an account is free.</p>
      {problem && <Trouble problem={problem} />}
      <div class="labelled">
        <label for="email">E-mail address</label>
        <input
          id="email"
          type="email"
          autocomplete="email"
          required
          value={email}
          onInput={(event) => setEmail(event.currentTarget.value)}
        />
      </div>
      <button class="primary" disabled={isBusy}>
        {isBusy ? "Sending…" : "Send me a link"}
      </button>
    </form>
  );
}

function Sent({ email, message, onOther }: { email: string; message: string; onOther: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div class="card sign-in stack">
      <h2 ref={heading} tabIndex={-1}>
        Look into your mail
      </h2>
      <p role="status">
        <b dir="auto">{email}</b>: {message}
      </p>
      <button type="button" onClick={onOther}>
        Use another address
      </button>
    </div>
  );
}
