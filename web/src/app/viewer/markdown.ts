// Markdown as HTML that cannot do anything: a document is somebody else's text. Fetched when it is first shown.

import DOMPurify from "dompurify";
import { marked } from "marked";

const TAGS = [
  ..."h1 h2 h3 h4 h5 h6 p br hr ul ol li blockquote pre code em strong del sub sup a".split(" "),
  ..."table thead tbody tr th td".split(" "),
];

/** Pictures are dropped, and links lead to a new tab without a word of where they come from. */
export function htmlOf(markdown: string): string {
  const purify = DOMPurify(window);
  purify.addHook("afterSanitizeAttributes", (node) => {
    if (node.tagName !== "A") return;
    node.setAttribute("rel", "noopener noreferrer nofollow");
    node.setAttribute("target", "_blank");
  });
  return purify.sanitize(marked.parse(markdown, { async: false, gfm: true }), {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ["href", "colspan", "rowspan", "start"],
    ALLOWED_URI_REGEXP: /^(?:https?|mailto):/i,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
  });
}
