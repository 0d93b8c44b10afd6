// Buying credits. Stripe's page takes over from here, and leads back.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Problem } from "../app/task";
import { money, type Pack } from "../pricing/prices";
import { Trouble } from "./Loading";
import { arrived, begin, newKeys, packs, returned, type Return } from "./purchase";
import { standing as look, type Standing } from "./service";
import { tried, view } from "./session";
import { number } from "./words";

export function Buy({ standing }: { standing: Standing }) {
  const [sold, setSold] = useState<readonly Pack[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const load = useCallback(async () => {
    setProblem(null);
    setProblem(await tried(async () => setSold(await packs())));
  }, []);
  useEffect(() => void load(), [load]);
  if (problem) return <Trouble problem={problem} onAgain={() => void load()} />;
  if (sold?.length) return <Choice sold={sold} standing={standing} />;
  return (
    <div class="row">
      <button type="button" disabled aria-describedby="no-purchases">
        Buy credits
      </button>
      <small id="no-purchases" class="muted">
        {sold ? "Purchases are not available on this service." : "Looking for what is sold…"}
      </small>
    </div>
  );
}

function Choice({ sold, standing }: { sold: readonly Pack[]; standing: Standing }) {
  const [credits, setCredits] = useState(sold[0]?.credits);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const keyOf = useRef(newKeys()).current;
  const buy = async (event: Event) => {
    event.preventDefault();
    const pack = sold.find((pack) => pack.credits === credits);
    if (!pack) return;
    setBusy(true);
    setProblem(await tried(async () => location.assign(await begin(pack, keyOf(pack), standing.balance))));
    setBusy(false);
  };
  return (
    <form class="buy stack" onSubmit={(event) => void buy(event)}>
      {problem && <Trouble problem={problem} />}
      <div class="row">
        <div class="labelled">
          <label for="pack">Pack</label>
          <select id="pack" value={credits} onChange={(event) => setCredits(Number(event.currentTarget.value))}>
            {sold.map((pack) => (
              <option key={pack.credits} value={pack.credits}>
                {number(pack.credits)} credits, {money(pack.cents, pack.currency)}
              </option>
            ))}
          </select>
        </div>
        <button class="primary" disabled={isBusy}>
          {isBusy ? "One moment…" : "Buy credits"}
        </button>
      </div>
      <small class="muted">You pay on a page of Stripe, and come back here.</small>
    </form>
  );
}

const SAID = {
  cancelled: "Nothing was bought.",
  done: "Thank you. Your payment is being confirmed: the credits will be here in a moment.",
  arrived: "Thank you. Your credits are here.",
  late: "Thank you. Your payment is not confirmed yet, which takes some banks days: the credits come by themselves.",
};

/** What became of a purchase, for who comes back from Stripe's page. */
export function Returned({ standing }: { standing: Standing }) {
  const [said, setSaid] = useState<keyof typeof SAID | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const wait = useCallback(async (from: Return) => {
    setSaid(from);
    if (from === "cancelled") return;
    const problem = await tried(async () => {
      const risen = await arrived(standing, look);
      if (risen) view.set({ is: "in", standing: risen });
      setSaid(risen ? "arrived" : "late");
    });
    setProblem(problem);
  }, []);
  useEffect(() => {
    const from = returned();
    if (from) void wait(from);
  }, [wait]);
  if (problem) return <Trouble problem={problem} onAgain={() => (setProblem(null), void wait("done"))} />;
  if (!said) return null;
  return (
    <p class="notice" role="status">
      {SAID[said]}
    </p>
  );
}
