// Questions about a document. Answers point at where they stand on its pages.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { ApiError, type BBox, type Job, request } from "../api";
import { adviceFor } from "../app/failures";
import { type Problem, problemFrom } from "../app/task";
import { Said } from "./Said";
import { answered, ask, type Conversation, history, titleOf } from "./talk";
import { Question } from "./Question";
import { randomName } from "../app/submit";

interface Props {
  job: Job;
  /** Shows the place on its page, counted from 1. */
  onCite: (page: number, bbox: BBox) => void;
}

/** `not-yours`: read before its reader signed in, so that it belongs to no account. */
type Access = "unknown" | "open" | "sign-in" | "not-yours";

const NEW: Conversation = { conversation: null, messages: [] };

export function Chat({ job, onCite }: Props) {
  const [access, setAccess] = useState<Access>("unknown");
  const [talks, setTalks] = useState<readonly Conversation[]>([NEW]);
  const [current, setCurrent] = useState(0);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [asked, setAsked] = useState<{ text: string; key: string } | null>(null);
  const log = useRef<HTMLDivElement>(null);
  const isDone = job.status === "done";
  const talk = talks[current] ?? NEW;

  useEffect(() => {
    if (!isDone) return;
    let isWanted = true;
    load(job)
      .then(([found, known]) => {
        if (!isWanted) return;
        setAccess(found);
        setTalks([...known, NEW]);
        setCurrent(Math.max(0, known.length - 1));
      })
      .catch((error: unknown) => isWanted && setProblem(problemOrThrow(error)));
    return () => void (isWanted = false);
  }, [job.uuid, isDone]);

  useLayoutEffect(() => {
    // the newest question is on top, with what is answered below it
    if (log.current) log.current.scrollTop = lastQuestion(log.current)?.offsetTop ?? 0;
  }, [talk, asked]);

  const send = async (text: string): Promise<boolean> => {
    // the same words tried again are the same question, so that it is paid once
    const question = asked?.text === text && problem ? asked : { text, key: randomName() };
    setAsked(question);
    setProblem(null);
    try {
      const answer = await ask(job.uuid, text, talk.conversation, question.key);
      setTalks((old) => {
        const next = old.with(current, answered(talk, text, answer));
        return next.at(-1)?.conversation === null ? next : [...next, NEW];
      });
      setAsked(null);
      return true;
    } catch (error) {
      const found = problemOrThrow(error);
      if (found.code === "token_missing" || found.code === "token_invalid") setAccess("sign-in");
      setProblem(found);
      return false;
    }
  };

  return (
    <div class="chat">
      <h2>Ask about this document</h2>
      {!isDone && <p class="muted">Questions can be asked when the document is read.</p>}
      {isDone && access === "unknown" && !problem && <p class="muted">One moment…</p>}
      {access === "sign-in" && <SignIn />}
      {access === "not-yours" && (
        <p class="muted">
          This document was read before you signed in, so it belongs to no account. Read it again to ask about it.
        </p>
      )}
      {access === "open" && (
        <>
          {talks.length > 1 && <Talks talks={talks} current={current} onTalk={setCurrent} />}
          <div class="said" ref={log} tabIndex={0} role="log" aria-live="polite" aria-label="Conversation">
            {talk.messages.map((message, index) => (
              <Said key={index} message={message} onCite={onCite} />
            ))}
            {asked && <Said message={{ role: "user", content: asked.text }} onCite={onCite} />}
            {asked && !problem && <p class="muted thinking">Looking for it…</p>}
          </div>
          {talk.messages.length === 0 && !asked && (
            <p class="muted">What is the total? Who signed it? Answers show where they stand on the page.</p>
          )}
        </>
      )}
      {problem && access !== "sign-in" && <Trouble problem={problem} />}
      {access === "open" && <Question isBusy={asked !== null && !problem} onAsk={send} />}
    </div>
  );
}

function lastQuestion(log: HTMLElement): HTMLElement | undefined {
  return [...log.querySelectorAll<HTMLElement>(".question")].at(-1);
}

/** Whether questions can be asked, and what was said before. Throws ApiError. */
async function load(job: Job): Promise<[Access, Conversation[]]> {
  try {
    if (job.links.chat) return ["open", await history(job.uuid)];
    await request("/api/v1/account/");
    return ["not-yours", []];
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return ["sign-in", []];
    throw error;
  }
}

function problemOrThrow(error: unknown): Problem {
  if (!(error instanceof ApiError)) throw error;
  return problemFrom(error);
}

function SignIn() {
  return (
    <div class="stack">
      <p>Questions are for readers with an account: it is free, and needs an e-mail address alone.</p>
      <a class="button primary" href="/account">
        Sign in
      </a>
      <p class="muted">Then read the document again, so that it is yours.</p>
    </div>
  );
}

function Trouble({ problem }: { problem: Problem }) {
  const { title, advice, says } = adviceFor(problem);
  return (
    <p class="notice bad" role="alert">
      {title}. {says ? `${problem.detail}. ` : ""}
      {advice}
    </p>
  );
}

interface TalksProps {
  talks: readonly Conversation[];
  current: number;
  onTalk: (index: number) => void;
}

function Talks({ talks, current, onTalk }: TalksProps) {
  return (
    <div class="row talks">
      <label class="hidden" for="talk">
        Conversation
      </label>
      <select id="talk" value={current} onChange={(event) => onTalk(Number(event.currentTarget.value))}>
        {talks.map((talk, index) => (
          <option key={index} value={index}>
            {titleOf(talk)}
          </option>
        ))}
      </select>
      <button type="button" class="plain" disabled={current === talks.length - 1} onClick={() => onTalk(talks.length - 1)}>
        New conversation
      </button>
    </div>
  );
}
