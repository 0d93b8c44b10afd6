// The account's tokens. They are held by this page alone, as long as it is open.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Problem } from "../app/task";
import { Loading, Trouble } from "./Loading";
import { createToken, type Token, tokens } from "./service";
import { tried } from "./session";
import { TokenRow } from "./TokenRow";

export function Tokens() {
  const heading = useRef<HTMLHeadingElement>(null);
  const [list, setList] = useState<Token[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [said, setSaid] = useState("");
  const load = useCallback(async () => {
    setProblem(null);
    setProblem(await tried(async () => setList(await tokens())));
  }, []);
  useEffect(() => void load(), [load]);
  const change = (change: (list: Token[]) => Token[], said: string) => {
    setList((list) => change(list ?? []));
    setSaid(said);
  };
  return (
    <section class="card part" aria-labelledby="tokens">
      <h2 id="tokens" ref={heading} tabIndex={-1}>
        API tokens
      </h2>
      <p class="muted">
        Programs send one as <code>Authorization: Bearer …</code> to <a href="/api">the API</a>. Whoever has a token can use your
        account.
      </p>
      <p class="hidden" role="status">
        {said}
      </p>
      {problem && <Trouble problem={problem} onAgain={() => void load()} />}
      {!list && !problem && <Loading />}
      {list?.length === 0 && <p>There is no token: create one to use the API.</p>}
      {list && list.length > 0 && (
        <ul class="rows">
          {list.map((token) => (
            <TokenRow
              key={token.id}
              token={token}
              onRotated={(fresh) =>
                change(
                  (list) => list.map((one) => (one.id === fresh.id ? fresh : one)),
                  `There is a new token ${fresh.name}; the old one is refused.`,
                )
              }
              onRevoked={() => {
                change((list) => list.filter((one) => one.id !== token.id), `The token ${token.name} is revoked.`);
                heading.current?.focus(); // the button that was pressed is gone
              }}
            />
          ))}
        </ul>
      )}
      {list && (
        <Create onCreated={(token) => change((list) => [...list, token], `The token ${token.name} is created.`)} />
      )}
    </section>
  );
}

function Create({ onCreated }: { onCreated: (token: Token) => void }) {
  const [name, setName] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const create = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(
      await tried(async () => {
        onCreated(await createToken(name));
        setName("");
      }),
    );
    setBusy(false);
  };
  return (
    <form class="create stack" onSubmit={(event) => void create(event)}>
      {problem && <Trouble problem={problem} />}
      <div class="row">
        <div class="labelled">
          <label for="token-name">Name of a new token</label>
          <input
            id="token-name"
            type="text"
            required
            maxLength={80}
            autocomplete="off"
            placeholder="such as the program that uses it"
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </div>
        <button disabled={isBusy}>Create a token</button>
      </div>
    </form>
  );
}
