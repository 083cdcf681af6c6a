import type { Connection } from "../connection.ts";
import type { AnyEvent } from "../tasks/watch-task.ts";
import { liveFrames, type LiveOptions } from "./live-frames.ts";

/**
 * Follows the market's events live: public ones and the caller's own. Reconnects by itself and resumes where it was.
 * @example
 * for await (const event of client.events.stream({ after: 0 })) console.log(event.seq, event.type);
 */
export async function* streamEvents(
  connection: Connection,
  options: LiveOptions = {},
): AsyncGenerator<AnyEvent, void, void> {
  for await (const frame of liveFrames(connection, options)) {
    if (frame.kind === "events") yield* frame.events as AnyEvent[];
  }
}
