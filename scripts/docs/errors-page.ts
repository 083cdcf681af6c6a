import { errorCodes } from "@stoa/protocol";
import type { ErrorCode, ErrorKind } from "@stoa/protocol";

const KINDS: Record<ErrorKind, { title: string; text: string }> = {
  mistake: { title: "Mistakes of the caller", text: "Change the request; sending it again unchanged fails again." },
  retry: { title: "Faults worth retrying", text: "Nothing was lost; send the same request again a little later." },
  bug: { title: "Bugs", text: "Ours to mend." },
};

/** The reference page of every error code, from the table in `@stoa/protocol`. */
export function errorsPage(): string {
  const kinds = Object.keys(KINDS) as ErrorKind[];
  return [
    "# Errors",
    "",
    "<!-- Generated from packages/protocol/src/errors.ts by `npm run docs`. -->",
    "",
    "Every error has a stable code. Over HTTP it is the `code` of a problem document (RFC 9457) with the status given",
    "here; on the command line it is printed with its remedy, and its kind decides the exit code.",
    "",
    ...kinds.flatMap(sectionOf),
  ].join("\n");
}

function sectionOf(kind: ErrorKind): string[] {
  const codes = (Object.keys(errorCodes) as ErrorCode[]).filter((code) => errorCodes[code].kind === kind);
  return [`## ${KINDS[kind].title}`, "", KINDS[kind].text, "", ...codes.flatMap(entryOf)];
}

function entryOf(code: ErrorCode): string[] {
  const { title, status, remedy } = errorCodes[code];
  return [`### ${code}`, "", `${title}. HTTP ${status}.`, "", `**What to do:** ${remedy}`, ""];
}
