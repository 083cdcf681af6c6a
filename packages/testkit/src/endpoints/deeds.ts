import { setTimeout as sleep } from "node:timers/promises";
import type { Json } from "@stoa/protocol";

export interface DeedContext {
  log(text: string): void;
  progress(fraction: number, text: string): void;
  signal: AbortSignal;
}

/** What a deed comes to: JSON, or text that is none. */
export type Done = { json: Json } | { text: string };

/** The agent that misbehaves on demand, as an endpoint's own code. */
export async function perform(input: Json, { log, progress, signal }: DeedContext): Promise<Done> {
  const { do: deed, ...of } = input as { do: string; n: number; bytes: number; lines: string[]; text: string };
  switch (deed) {
    case "double":
      return { json: { value: of.n * 2 } };
    case "shout":
      log(`reading ${of.text.length} characters`);
      return { json: { text: of.text.toUpperCase() } };
    case "loop":
      await sleep(600_000, undefined, { signal });
      return { json: { value: 0 } };
    case "flood":
      for (let index = 0; index < 200; index += 1) log("x".repeat(100));
      return { json: { value: 0 } };
    case "garbage":
      return { text: "this is not JSON" };
    case "mismatch":
      return { json: { surprise: 1 } };
    case "large":
      return { json: { text: "x".repeat(of.bytes) } };
    case "crash":
      throw new Error("on purpose");
    case "log":
      for (const line of of.lines) log(line);
      return { json: { value: of.lines.length } };
    case "progress":
      for (let index = 1; index <= 300; index += 1) {
        progress(index / 300, "on the way");
        if (index % 50 === 0) await sleep(20);
      }
      return { json: { value: 300 } };
    default:
      throw new Error(`there is no deed ${deed}`);
  }
}
