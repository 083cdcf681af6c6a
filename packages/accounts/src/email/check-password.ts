import { StoaError } from "@stoa/protocol";
import { dictionary } from "@zxcvbn-ts/language-common";

/** A part of an address this short says nothing about whose it is. */
const LEAST_PART = 4;

let common: ReadonlySet<string> | undefined;

/** The passwords that leaked most often, as far as they are long enough to be tried here. */
function isCommon(password: string): boolean {
  common ??= new Set(dictionary["passwords-common"]);
  return common.has(password);
}

/**
 * Refuses a password that is guessed first: one that leaked often, that is one of those with digits or signs around it,
 * that repeats a short piece, or that is made of the address it protects. No server is asked.
 * @throws {StoaError} `weak_password` with the reason
 */
export function checkPassword(password: string, email: string): void {
  const folded = password.normalize("NFKC").toLowerCase();
  const core = folded.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
  if (isCommon(folded) || isCommon(core)) refuse("it is among the passwords that leaked most often");
  if (/^(.{1,4})\1+.{0,3}$/u.test(folded)) refuse("it repeats a few characters");
  const parts = email.toLowerCase().split(/[@.+_-]+/);
  const part = parts.find((piece) => piece.length >= LEAST_PART && folded.includes(piece));
  if (part !== undefined) refuse(`it contains ${JSON.stringify(part)} of the e-mail address`);
}

function refuse(reason: string): never {
  throw new StoaError("weak_password", `the password is guessed easily: ${reason}`, { details: { reason } });
}
