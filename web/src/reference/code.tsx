// A program or an answer on the page: what the reader's own service and token replace is marked, comments are muted.

import type { ComponentChildren } from "preact";
import { PUBLIC_URL } from "../pages/public-url";
import { BASE, TOKEN } from "./examples";

const COMMENT = /^\s*(#|\/\/) /;

export function Code({ text }: { text: string }) {
  const lines = text.split("\n").map((line, number) => {
    const parts = filledIn(line);
    const end = number ? "\n" : "";
    return COMMENT.test(line) ? [end, <span class="remark">{parts}</span>] : [end, ...parts];
  });
  return (
    <pre lang="en" dir="ltr" tabIndex={0}>
      <code>{lines}</code>
    </pre>
  );
}

function filledIn(line: string): ComponentChildren[] {
  return line.split(new RegExp(`(${BASE}|${TOKEN})`)).map((part) => {
    if (part === BASE) return <span data-fill="base">{PUBLIC_URL}</span>;
    if (part === TOKEN) return <span data-fill="token">{TOKEN}</span>;
    return part;
  });
}
