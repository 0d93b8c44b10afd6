import { useEffect, useState } from "preact/hooks";
import type { Page } from "../../api";

export function MarkdownView({ page }: { page: Page }) {
  const [html, setHtml] = useState<string | null>(null);
  useEffect(() => {
    let isWanted = true;
    void import("./markdown").then(({ htmlOf }) => isWanted && setHtml(htmlOf(page.markdown)));
    return () => void (isWanted = false);
  }, [page]);
  if (html === null) return <p class="muted">Rendering…</p>;
  if (!html.trim()) return <p class="muted">No text was found on this page.</p>;
  return <div class="markdown" dir="auto" dangerouslySetInnerHTML={{ __html: html }} />;
}
