import type { BBox } from "../api";
import type { Message } from "./talk";

interface Props {
  message: Message;
  onCite: (page: number, bbox: BBox) => void;
}

const MODES = { model: "Answered by a model", extractive: "Passages of the document" } as const;

export function Said({ message, onCite }: Props) {
  if (message.role === "user") {
    return (
      <p class="question" dir="auto">
        {message.content}
      </p>
    );
  }
  const isFound = message.answerable !== false;
  const citations = message.citations ?? [];
  return (
    <div class={isFound ? "answer" : "answer not-found"}>
      <p class="mode">{isFound ? message.mode && MODES[message.mode] : "Not found in this document"}</p>
      <p dir="auto">{message.content}</p>
      {citations.length > 0 && (
        <ul class="citations" aria-label={isFound ? "Where it stands" : "The closest passages"}>
          {citations.map((citation, index) => (
            <li key={index}>
              <button type="button" onClick={() => onCite(citation.page, citation.bbox)}>
                <small>Page {citation.page}</small>
                <span dir="auto">{citation.snippet}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
