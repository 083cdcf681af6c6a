import type { Hash } from "@stoa/protocol";
import type { Cli } from "../cli.ts";

/** What a command did on chain. */
export interface Sent {
  /** What happened, for people. */
  text: string;
  txHash: Hash;
  /** What else a program wants to know. */
  facts: Readonly<Record<string, unknown>>;
  /** What to do next, for people. */
  hint?: string;
}

/** Tells what was sent and taken by the chain. */
export function tellSent({ terminal, json }: Cli, { text, txHash, facts, hint }: Sent): void {
  if (json) return terminal.printJson({ ...facts, txHash });
  terminal.print(text);
  terminal.print(`${terminal.out.dim("transaction")}  ${txHash}`);
  if (hint !== undefined) terminal.note(terminal.err.dim(hint));
}
