import type { WebSocket } from "ws";
import type { Wire } from "./wire.ts";

/** Close codes of the live stream, in the range applications may define. */
export const CLOSE_CODES = { goingAway: 1001, unexpected: 1011, tooSlow: 4008, signedOut: 4401 } as const;

/** Carries events over a WebSocket: frames are JSON lists of them. */
export function webSocketWire(socket: WebSocket): Wire {
  return {
    format: "json",
    get isOpen() {
      return socket.readyState === socket.OPEN;
    },
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    send: (text) => socket.send(text),
    drop() {
      socket.close(CLOSE_CODES.tooSlow, "too slow: come back with after=");
      // A peer that does not read does not answer the close either.
      socket.terminate();
    },
  };
}
