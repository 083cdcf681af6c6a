import { type EventRecord, StoaError } from "@stoa/protocol";

/** One connection of the live stream; `frames` ends when it is lost. */
export interface Socket extends AsyncDisposable {
  frames: AsyncIterable<"open" | EventRecord[]>;
}

/** A reader this far behind is cut off; it resumes from what it has read. */
const MAX_WAITING_FRAMES = 1_000;

/** The live stream's subprotocol. */
const SUBPROTOCOL = "stoa.events";

/**
 * Connects to the live stream. A connection that fails is one whose frames end at once.
 * @param token goes beside the subprotocol: a browser sets no headers, and an address ends up in logs
 */
export function openSocket(url: string, token: string | null, signal?: AbortSignal): Socket {
  const socket = new WebSocket(url, token === null ? [SUBPROTOCOL] : [SUBPROTOCOL, token]);
  const waiting: ("open" | EventRecord[])[] = [];
  let failure: StoaError | null = null;
  let isClosed = false;
  let wake: () => void = () => undefined;

  const close = () => {
    isClosed = true;
    socket.close();
    wake();
  };
  socket.addEventListener("open", () => {
    waiting.push("open");
    wake();
  });
  socket.addEventListener("message", ({ data }) => {
    try {
      waiting.push(readFrame(data));
    } catch (error) {
      failure = error as StoaError;
      return close();
    }
    if (waiting.length > MAX_WAITING_FRAMES) close();
    wake();
  });
  // What went wrong is not told to scripts; that it is over comes as a close.
  socket.addEventListener("error", () => undefined);
  socket.addEventListener("close", close, { once: true });
  signal?.addEventListener("abort", close, { once: true });
  if (signal?.aborted) close();

  async function* frames(): AsyncGenerator<"open" | EventRecord[], void, void> {
    for (;;) {
      const frame = waiting.shift();
      if (frame !== undefined) yield frame;
      else if (failure) throw failure;
      else if (isClosed) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  }

  return {
    frames: frames(),
    async [Symbol.asyncDispose]() {
      signal?.removeEventListener("abort", close);
      close();
    },
  };
}

function readFrame(data: unknown): EventRecord[] {
  try {
    const events = JSON.parse(String(data)) as EventRecord[];
    if (Array.isArray(events)) return events;
  } catch {
    // Told below, with what came instead.
  }
  throw new StoaError("internal", `the live stream said ${String(data).slice(0, 120)}, expected an array of events`);
}
