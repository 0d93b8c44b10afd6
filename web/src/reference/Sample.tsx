// The same program in three languages, as tabs (WAI-ARIA). All three stand in the HTML; without scripts all are shown,
// one below the other. `main.ts` makes the tabs work.

import { Code } from "./code";
import { EXAMPLES, KIND_NAMES, KINDS } from "./examples";
import type { Reference } from "./reference";

type Words = Reference["words"];

export function Sample({ id, words }: { id: keyof typeof EXAMPLES; words: Words }) {
  return (
    <div class="sample" data-sample={id}>
      <div class="sample-bar">
        <div role="tablist" aria-label={words.samples}>
          {KINDS.map((kind, number) => (
            <button
              key={kind}
              type="button"
              role="tab"
              id={`${id}-${kind}-tab`}
              data-kind={kind}
              aria-controls={`${id}-${kind}`}
              aria-selected={number === 0}
              tabIndex={number === 0 ? 0 : -1}
              lang="en"
              dir="ltr"
            >
              {KIND_NAMES[kind]}
            </button>
          ))}
        </div>
        <Copy words={words} />
      </div>
      {KINDS.map((kind) => (
        <div key={kind} role="tabpanel" id={`${id}-${kind}`} data-kind={kind} aria-labelledby={`${id}-${kind}-tab`}>
          <p class="caption" dir="ltr">
            {KIND_NAMES[kind]}
          </p>
          <Code text={EXAMPLES[id][kind]} />
        </div>
      ))}
    </div>
  );
}

export function Answer({ text, title, words }: { text: string; title: string; words: Words }) {
  return (
    <div class="sample">
      <div class="sample-bar">
        <p>{title}</p>
        <Copy words={words} />
      </div>
      <Code text={text} />
    </div>
  );
}

function Copy({ words }: { words: Words }) {
  return (
    <button type="button" class="copy" data-copied={words.copied} data-failed={words.notCopied}>
      {words.copy}
    </button>
  );
}
