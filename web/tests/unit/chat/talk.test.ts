import { afterEach, expect, test, vi } from "vitest";
import { answered, history, titleOf } from "../../../src/chat/talk";

afterEach(() => vi.unstubAllGlobals());

const message = (content: string) => ({ role: "user", content });

test("a transcript of several pages is one, and a conversation that a page cuts is whole", async () => {
  const pages = [
    { conversations: [{ conversation: "a", messages: [message("1")] }], has_more: true, after: "x/1" },
    { conversations: [{ conversation: "a", messages: [message("2")] }, { conversation: "b", messages: [message("3")] }], has_more: false, after: null },
  ];
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path);
    return Response.json(pages.shift());
  });
  const conversations = await history("abc");
  expect(conversations.map((one) => one.messages.map((said) => said.content))).toEqual([["1", "2"], ["3"]]);
  expect(asked[1]).toBe("/api/v1/chat/abc/history/?after=x%2F1");
});

test("an answer goes under its question, and names the conversation", () => {
  const answer = { conversation: "c", mode: "extractive" as const, message: { role: "assistant" as const, content: "4,818.00" } };
  const talk = answered({ conversation: null, messages: [] }, "The total?", answer);
  expect(talk.conversation).toBe("c");
  expect(talk.messages).toEqual([
    { role: "user", content: "The total?" },
    { role: "assistant", content: "4,818.00", mode: "extractive" },
  ]);
});

test("a conversation is called by its first question", () => {
  expect(titleOf({ conversation: null, messages: [] })).toBe("New conversation");
  expect(titleOf({ conversation: "c", messages: [{ role: "user", content: `What\n${"x".repeat(60)}` }] })).toMatch(/^What x{35}…$/);
});
