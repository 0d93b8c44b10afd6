// A line of Markdown as HTML: `code`, [links](/path) and {numbers}; the strings of the reference use no more.

import type { ComponentChildren } from "preact";
import type { Language } from "../strings/languages";
import { filled, writtenIn } from "./numbers";

const MARKS = /`([^`]+)`|\[((?:`[^`]*`|[^\]`])+)\]\(([^)\s]+)\)/g;

export type Rich = (text: string) => ComponentChildren[];

export function richIn(language: Language): Rich {
  const written = writtenIn(language);
  const rich: Rich = (text) => {
    const parts: ComponentChildren[] = [];
    let end = 0;
    for (const mark of text.matchAll(MARKS)) {
      const [whole, code, label = "", href = ""] = mark;
      parts.push(filled(text.slice(end, mark.index), written));
      // Digits within code are those that a program reads.
      if (code !== undefined) parts.push(<code dir="ltr">{filled(code, String)}</code>);
      else parts.push(<a href={href}>{rich(label)}</a>);
      end = mark.index + whole.length;
    }
    parts.push(filled(text.slice(end), written));
    return parts;
  };
  return rich;
}

/** The code that a string quotes, as it stands there. */
export function codesIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map((found) => found[1] ?? "");
}

/** Without marks, for places that hold text alone. */
export function plain(text: string, language: Language): string {
  return filled(text.replace(MARKS, (_, code?: string, label?: string) => code ?? label ?? ""), writtenIn(language));
}
