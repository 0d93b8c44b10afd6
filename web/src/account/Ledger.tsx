import { useEffect, useRef } from "preact/hooks";
import { useList } from "./list";
import { More } from "./More";
import { entries, type Entry, type Standing } from "./service";
import { happening, moment, signed, source } from "./words";

const idOf = (entry: Entry) => entry.id;

/** Every movement of pages and credits. Read anew when what is left has changed. */
export function Ledger({ standing }: { standing: Standing }) {
  const list = useList(entries, idOf);
  const seen = useRef(standing);
  useEffect(() => {
    if (seen.current !== standing) list.reload();
    seen.current = standing;
  }, [standing]);
  return (
    <section class="card part" aria-labelledby="ledger">
      <h2 id="ledger">Ledger</h2>
      {list.items && list.items.length > 0 && (
        <div class="scrolled" role="region" aria-label="Entries of the ledger" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">What</th>
                <th scope="col" class="amount">
                  Amount
                </th>
              </tr>
            </thead>
            <tbody>
              {list.items.map((entry) => (
                <tr key={entry.id}>
                  <td class="when">{moment(entry.at)}</td>
                  <td>
                    {entry.job ? <a href={`/?job=${entry.job}`}>{happening(entry)}</a> : happening(entry)}
                    <small class="muted">{source(entry.source)}</small>
                  </td>
                  <td class="amount">{signed(entry.credits)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <More list={list} none="Nothing yet. Every page that is charged or given back stands here." label="Show more entries" />
    </section>
  );
}
