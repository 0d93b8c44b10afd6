import { useState } from "preact/hooks";

interface Props {
  label: string;
  /** What is copied; it may have to be fetched first. */
  text: () => string | Promise<string>;
}

const SHOWN_MS = 2000;

export function CopyButton({ label, text }: Props) {
  const [said, setSaid] = useState<string | null>(null);
  const copy = async () => {
    setSaid(await copied(text));
    setTimeout(() => setSaid(null), SHOWN_MS);
  };
  return (
    <button type="button" class="copy" onClick={() => void copy()}>
      <span aria-live="polite">{said ?? label}</span>
    </button>
  );
}

async function copied(text: Props["text"]): Promise<string> {
  try {
    await navigator.clipboard.writeText(await text());
    return "Copied";
  } catch {
    return "Could not copy"; // the browser does not let us, or a page could not be fetched: both are told so
  }
}
