// Whether this browser is probably signed in. Scripts cannot see the session's cookie, and asking the service would be
// an error on the console of everybody who is not: pages that find out note it here. No secret is kept.

const SIGNED_IN = "signed-in";

export function noteSignedIn(signedIn: boolean): void {
  if (signedIn) localStorage.setItem(SIGNED_IN, "yes");
  else localStorage.removeItem(SIGNED_IN);
}

export function isSignedIn(): boolean {
  return localStorage.getItem(SIGNED_IN) === "yes";
}
