import type { Stream } from "@libp2p/interface";
import { LengthPrefixedDecoder } from "@libp2p/utils";
import { encode } from "it-length-prefixed";
import { decodeFrame, type Frame, MAX_FRAME_BYTES } from "./frame.ts";

/** Bytes a reader may hold beside one whole frame: what arrives with its tail. */
const READ_AHEAD_BYTES = 2 << 20;

export interface ChannelOptions {
  stream: Stream;
  /** The next frame to send, or null; asked again after each one. */
  take(): Uint8Array | null;
  onFrame(frame: Frame): void;
  /** Called once, with the reason when the stream broke. */
  onClosed(reason: string): void;
}

/** Frames over one libp2p stream, in batches: all that is queued within one turn of the event loop leaves together. */
export interface Channel {
  /** Says that `take` has something. */
  flushSoon(): void;
  pause(): void;
  resume(): void;
  /** Closes after what was queued has been sent, or aborts after `timeoutMs`. */
  close(timeoutMs: number): Promise<void>;
  abort(reason: string): void;
}

/**
 * Opens a channel. A frame that is too large or no frame breaks the stream: what follows could not be read.
 */
export function openChannel({ stream, take, onFrame, onClosed }: ChannelOptions): Channel {
  const decoder = new LengthPrefixedDecoder({
    maxDataLength: MAX_FRAME_BYTES,
    maxBufferSize: MAX_FRAME_BYTES + READ_AHEAD_BYTES,
  });
  let scheduled = false;
  let closed = false;

  function finish(reason: string): void {
    if (closed) return;
    closed = true;
    onClosed(reason);
  }

  function abort(reason: string): void {
    stream.abort(new Error(reason));
    finish(reason);
  }

  function flush(): void {
    scheduled = false;
    try {
      while (!closed && stream.writeStatus === "writable" && !stream.writableNeedsDrain) {
        const frame = take();
        if (!frame) return;
        stream.send(encode.single(frame, { maxDataLength: MAX_FRAME_BYTES }));
      }
    } catch (error) {
      abort(`sending failed: ${(error as Error).message}`);
    }
  }

  function flushSoon(): void {
    if (scheduled || closed) return;
    scheduled = true;
    setImmediate(flush);
  }

  stream.addEventListener("message", (event) => {
    if (closed) return;
    try {
      for (const bytes of decoder.decode(event.data)) {
        onFrame(decodeFrame(bytes.subarray()));
        if (closed) return;
      }
    } catch (error) {
      abort(`the peer broke the protocol: ${(error as Error).message}`);
    }
  });
  stream.addEventListener("drain", flushSoon);
  stream.addEventListener("remoteCloseWrite", () => {
    finish("the peer closed the stream");
    stream.close().catch((error: Error) => stream.abort(error));
  });
  stream.addEventListener("close", (event) => finish(event.error?.message ?? "the stream was closed"));

  return {
    flushSoon,
    pause: () => void (stream.readStatus === "readable" && stream.pause()),
    resume: () => void (stream.readStatus === "paused" && stream.resume()),
    async close(timeoutMs) {
      if (closed) return;
      flush();
      await stream.close({ signal: AbortSignal.timeout(timeoutMs) }).catch((error: Error) => stream.abort(error));
      finish("closed");
    },
    abort,
  };
}
