// Who is signed in, which the parts of the page share: a session that has ended leads to the sign-in form from anywhere.

import { ApiError } from "../api";
import { Store } from "../app/store";
import { problemFrom, type Problem } from "../app/task";
import { isSignedIn, noteSignedIn } from "../session";
import * as service from "./service";

export type View =
  | { is: "loading" }
  | { is: "failed"; problem: Problem }
  | { is: "in"; standing: service.Standing }
  | { is: "out"; why: "new" | "ended" | "left" };

export const view = new Store<View>({ is: "loading" });

const SIGNED_IN = "#signed-in";

/** The service is asked only where somebody may be signed in: for others it would be an error on the console. */
export async function begin(): Promise<void> {
  const isBack = location.hash === SIGNED_IN; // from the page that a mail's link leads to
  if (isBack) history.replaceState(null, "", location.pathname);
  if (isBack || isSignedIn()) await load();
  else view.set({ is: "out", why: "new" });
}

export async function load(): Promise<void> {
  view.set({ is: "loading" });
  const problem = await tried(refresh);
  if (problem) view.set({ is: "failed", problem });
}

/** What is left, anew. Throws ApiError. */
export async function refresh(): Promise<void> {
  const standing = await service.standing();
  noteSignedIn(true);
  view.set({ is: "in", standing });
}

/** Gives the problem, if the work ended in one that its part of the page is to tell. */
export async function tried(work: () => Promise<void>): Promise<Problem | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status !== 401) return problemFrom(error);
    leave("ended");
    return null;
  }
}

export function signOut(): Promise<Problem | null> {
  return tried(async () => {
    await service.endSession();
    leave("left");
  });
}

function leave(why: "ended" | "left"): void {
  noteSignedIn(false);
  view.set({ is: "out", why });
}
