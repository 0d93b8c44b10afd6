// The blocks of a page as boxes over its picture: one stop of the Tab key, the arrows go from block to block.

import { useEffect, useRef } from "preact/hooks";
import type { BBox, Block, Page } from "../../api";
import { levelOf, placeOf, styleOf } from "./geometry";
import { stepped } from "./stepping";
import type { Pointing } from "./pointing";

interface Props {
  page: Page;
  pointing: Pointing;
  /** A place that something else points at, such as a citation. */
  mark: BBox | null;
}

export function Boxes({ page, pointing, mark }: Props) {
  const group = useRef<HTMLDivElement>(null);
  const marked = useRef<HTMLDivElement>(null);
  const { active, hovered, point, hover } = pointing;

  useEffect(() => {
    if (active && active.from !== "picture") elementOf(group.current, active.block)?.scrollIntoView({ block: "nearest" });
  }, [active]);
  useEffect(() => {
    if (mark) marked.current?.scrollIntoView({ block: "center", inline: "nearest" });
  }, [mark]);

  const onKeyDown = (event: KeyboardEvent) => {
    const next = stepped(event.key, active?.block ?? null, page.blocks.length);
    if (next === null) return;
    event.preventDefault();
    point({ block: next, from: "picture" });
    elementOf(group.current, next)?.focus();
  };

  return (
    <div class="boxes" ref={group} role="group" aria-label={`Blocks of page ${page.index + 1}`} onKeyDown={onKeyDown}>
      {page.blocks.map((block, index) => (
        <button
          key={index}
          type="button"
          data-block={index}
          class={classOf(block, index === active?.block, index === hovered)}
          style={styleOf(placeOf(block.bbox, page))}
          tabIndex={index === (active?.block ?? 0) ? 0 : -1}
          aria-label={nameOf(block)}
          aria-pressed={index === active?.block}
          onClick={() => point({ block: index, from: "picture" })}
          onMouseEnter={() => hover(index)}
          onMouseLeave={() => hover(null)}
          onFocus={() => hover(index)}
          onBlur={() => hover(null)}
        />
      ))}
      {mark && <div ref={marked} class="mark" data-mark style={styleOf(placeOf(mark, page))} />}
    </div>
  );
}

const NAME_CHARACTERS = 60;

function nameOf(block: Block): string {
  const sure = `${Math.round(block.confidence * 100)} % sure`;
  const text = block.text.replace(/\s+/g, " ").trim();
  const said = text.length > NAME_CHARACTERS ? `${text.slice(0, NAME_CHARACTERS)}…` : text;
  return `${block.type}, ${sure}: ${said || "no text"}`;
}

function classOf(block: Block, isActive: boolean, isHovered: boolean): string {
  return `box ${levelOf(block.confidence)}${isActive ? " active" : ""}${isHovered ? " hovered" : ""}`;
}

export function elementOf(within: HTMLElement | null, block: number): HTMLElement | null {
  return within?.querySelector<HTMLElement>(`[data-block="${block}"]`) ?? null;
}
