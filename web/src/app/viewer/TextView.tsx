// The text of a page, block by block, each linked with its box on the picture.

import { useEffect, useRef } from "preact/hooks";
import type { Block, Page } from "../../api";
import { elementOf } from "./Boxes";
import { Grid } from "./Grid";
import { levelOf } from "./geometry";
import type { Pointing } from "./pointing";
import { stepped } from "./stepping";

interface Props {
  page: Page;
  pointing: Pointing;
}

export function TextView({ page, pointing }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const { active, hovered, point, hover } = pointing;
  useEffect(() => {
    if (active && active.from !== "text") elementOf(list.current, active.block)?.scrollIntoView({ block: "nearest" });
  }, [active]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.target instanceof HTMLElement) || event.target.dataset["block"] === undefined) return;
    const next = stepped(event.key, active?.block ?? null, page.blocks.length);
    if (next === null) return;
    event.preventDefault();
    point({ block: next, from: "text" });
    elementOf(list.current, next)?.focus();
  };
  return (
    <div class="text-view" ref={list} onKeyDown={onKeyDown}>
      <Fields page={page} />
      {page.blocks.map((block, index) => (
        <div
          key={index}
          data-block={index}
          class={`block ${block.type} ${levelOf(block.confidence)}${index === active?.block ? " active" : ""}${index === hovered ? " hovered" : ""}`}
          dir="auto"
          tabIndex={index === (active?.block ?? 0) ? 0 : -1}
          onClick={() => point({ block: index, from: "text" })}
          onMouseEnter={() => hover(index)}
          onMouseLeave={() => hover(null)}
        >
          <Said block={block} />
        </div>
      ))}
      {page.blocks.length === 0 && !page.error && <p class="muted">No text was found on this page.</p>}
    </div>
  );
}

function Said({ block }: { block: Block }) {
  if (block.table) return <Grid table={block.table} />;
  if (!block.text) return <span class="muted">({block.type})</span>;
  return (
    <>
      {block.text}
      {block.translation && (
        <div class="translation" dir="auto">
          {block.translation}
        </div>
      )}
    </>
  );
}

function Fields({ page }: { page: Page }) {
  if (!page.fields?.length) return null;
  return (
    <dl class="fields">
      {page.fields.map((field, index) => (
        <div key={index}>
          <dt>{field.name.replaceAll("_", " ")}</dt>
          <dd dir="auto">{field.value}</dd>
        </div>
      ))}
    </dl>
  );
}
