// Questions about a document, their answers, and what was said before.

import { json, type BBox } from "../api";
import { retrying } from "../app/retry";

export interface Citation {
  /** From 1. */
  page: number;
  snippet: string;
  bbox: BBox;
}

export type Mode = "extractive" | "model";

export interface Message {
  role: "user" | "assistant";
  content: string;
  citations?: Citation[];
  /** Of an answer: false where the document does not say it. */
  answerable?: boolean;
  mode?: Mode;
}

export interface Conversation {
  /** Null until its first answer. */
  conversation: string | null;
  messages: Message[];
}

interface Transcript {
  conversations: { conversation: string; messages: Message[] }[];
  has_more: boolean;
  after: string | null;
}

export const MOST_CHARACTERS = 4000;

/** All that was said about the job, the oldest conversation first. Throws ApiError. */
export async function history(uuid: string): Promise<Conversation[]> {
  const conversations: Conversation[] = [];
  let after = "";
  for (;;) {
    const path = `/api/v1/chat/${uuid}/history/${after && `?after=${encodeURIComponent(after)}`}`;
    const page = await retrying(() => json<Transcript>(path));
    for (const part of page.conversations) joined(conversations, part);
    if (!page.has_more || !page.after) return conversations;
    after = page.after;
  }
}

/** A conversation that a page of the transcript cuts goes on with the next one. */
function joined(conversations: Conversation[], part: Transcript["conversations"][number]): void {
  const last = conversations.at(-1);
  if (last?.conversation === part.conversation) last.messages.push(...part.messages);
  else conversations.push({ ...part, messages: [...part.messages] });
}

interface Answered {
  conversation: string;
  mode: Mode;
  message: Message;
}

/** `key` is the Idempotency-Key: the same question asked again under it is answered, and paid, once. */
export function ask(uuid: string, message: string, conversation: string | null, key: string): Promise<Answered> {
  return retrying(() =>
    json<Answered>(`/api/v1/chat/${uuid}/`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": key },
      body: JSON.stringify({ message, ...(conversation ? { conversation } : {}) }),
    }),
  );
}

/** The conversation after a question and its answer. */
export function answered(talk: Conversation, question: string, answer: Answered): Conversation {
  const said: Message[] = [
    { role: "user", content: question },
    { ...answer.message, mode: answer.mode },
  ];
  return { conversation: answer.conversation, messages: [...talk.messages, ...said] };
}

const TITLE_CHARACTERS = 40;

/** What a conversation is called in the list: its first question. */
export function titleOf(talk: Conversation): string {
  const first = talk.messages[0]?.content.replace(/\s+/g, " ").trim();
  if (!first) return "New conversation";
  return first.length > TITLE_CHARACTERS ? `${first.slice(0, TITLE_CHARACTERS)}…` : first;
}
