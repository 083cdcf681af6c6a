import { AgentFailure } from "./agent-host.ts";

/** What an agent writes as its output, piece by piece. */
export interface Output {
  /**
   * Appends a piece.
   * @throws {AgentFailure} `output_limit`
   */
  write(bytes: Uint8Array): void;
  /**
   * All that was written.
   * @throws {AgentFailure} `output_limit` also where the agent caught what `write` threw
   */
  whole(): Uint8Array;
}

/** One buffer that doubles: a list of pieces of a byte each would take a hundred times their size. */
export function createOutput(maxBytes: number): Output {
  let written = Buffer.alloc(0);
  let length = 0;
  const requireRoom = () => {
    if (length > maxBytes) throw new AgentFailure("output_limit", `the output is over ${maxBytes} bytes`);
  };
  return {
    write(bytes) {
      const start = length;
      length += bytes.length;
      requireRoom();
      if (length > written.length)
        written = Buffer.concat([written.subarray(0, start)], Math.min(maxBytes, 2 * length));
      written.set(bytes, start);
    },
    whole() {
      requireRoom();
      return written.subarray(0, length);
    },
  };
}
