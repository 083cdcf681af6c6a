import type { PassThrough } from "node:stream";
import type { Wire } from "./wire.ts";

/** Carries events in the answer to an ordinary request, as a browser's EventSource reads them. */
export function eventStreamWire(body: PassThrough): Wire {
  return {
    format: "event-stream",
    get isOpen() {
      return body.writable;
    },
    get bufferedBytes() {
      return body.writableLength + body.readableLength;
    },
    send: (text) => void body.write(text),
    drop: () => body.destroy(),
  };
}
