/** How a screen asks for the sign-in dialog, which stands around all of them. */
const WANTED = "stoa:sign-in";

export function wantSignIn(): void {
  dispatchEvent(new Event(WANTED));
}

export function onSignInWanted(listener: () => void): () => void {
  addEventListener(WANTED, listener);
  return () => removeEventListener(WANTED, listener);
}
