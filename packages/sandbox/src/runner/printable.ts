import { toFitText } from "@stoa/protocol";
import { redactSecrets } from "./redact-secrets.ts";

/** What an agent says is kept, and shown in terminals and pages: what could steer these is replaced, and secrets are. */
export function printable(text: string): string {
  return redactSecrets(
    toFitText(text).replace(
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
      "\ufffd",
    ),
  );
}
