import { toFitText } from "@stoa/protocol";

/** Logs are shown in terminals and pages: what could steer either is replaced. */
export function printable(text: string): string {
  return toFitText(text).replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    "\ufffd",
  );
}
