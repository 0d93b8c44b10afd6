// The page at `/account`: the way in, and for those who are in, all that is theirs.

import { useEffect, useState } from "preact/hooks";
import { useStore } from "../app/store";
import type { Problem } from "../app/task";
import { Jobs } from "./Jobs";
import { Ledger } from "./Ledger";
import { Loading, Trouble } from "./Loading";
import { Balance, Pages } from "./Balance";
import { Returned } from "./Buy";
import type { Standing } from "./service";
import { begin, load, signOut, view } from "./session";
import { SignIn } from "./SignIn";
import { Tokens } from "./Tokens";

export function Account() {
  const shown = useStore(view);
  useEffect(() => void begin(), []);
  switch (shown.is) {
    case "loading":
      return <Loading />;
    case "failed":
      return <Trouble problem={shown.problem} onAgain={() => void load()} />;
    case "out":
      return <SignIn why={shown.why} />;
    case "in":
      return <Inside standing={shown.standing} />;
  }
}

function Inside({ standing }: { standing: Standing }) {
  return (
    <>
      <Who email={standing.email ?? standing.account} />
      <Returned standing={standing} />
      <div class="standing">
        <Pages standing={standing} />
        <Balance standing={standing} />
      </div>
      <Tokens />
      <Jobs />
      <Ledger standing={standing} />
    </>
  );
}

function Who({ email }: { email: string }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  return (
    <>
      <div class="row who">
        <p>
          Signed in as <b dir="auto">{email}</b>
        </p>
        <button type="button" onClick={() => void signOut().then(setProblem)}>
          Sign out
        </button>
      </div>
      {problem && <Trouble problem={problem} />}
    </>
  );
}
