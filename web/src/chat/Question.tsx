// The field for a question: Enter sends, Shift and Enter begin a new line.

import { useState } from "preact/hooks";
import { MOST_CHARACTERS } from "./talk";

interface Props {
  isBusy: boolean;
  /** Gives whether it was answered: else the words stay to be tried again. */
  onAsk: (text: string) => Promise<boolean>;
}

export function Question({ isBusy, onAsk }: Props) {
  const [text, setText] = useState("");
  const send = async () => {
    const wanted = text.trim();
    if (!wanted || isBusy) return;
    setText("");
    if (!(await onAsk(wanted))) setText(wanted);
  };
  return (
    <form
      class="ask"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label class="hidden" for="question">
        Your question
      </label>
      <textarea
        id="question"
        rows={2}
        maxLength={MOST_CHARACTERS}
        placeholder="Your question"
        dir="auto"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          void send();
        }}
      />
      <button type="submit" class="primary" disabled={isBusy || !text.trim()}>
        Ask
      </button>
    </form>
  );
}
