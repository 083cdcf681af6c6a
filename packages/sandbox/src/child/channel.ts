import { readSync, writeSync } from "node:fs";
import { decodeFrameBody, encodeFrame, type Frame } from "../frames/frame.ts";
import type { FromChild } from "../frames/messages.ts";

/** The blocking end of the frame socket: an agent's call waits in it for its answer, as a WASM import must. */
export interface Channel {
  send(message: FromChild, bytes?: Uint8Array): void;
  /** Waits for a frame; ends the process when the runner is gone. */
  receive(): Frame;
}

/** Opens the frame socket the runner left at a file descriptor. */
export function openChannel(fd: number): Channel {
  function readExactly(length: number): Buffer {
    const buffer = Buffer.allocUnsafe(length);
    let read = 0;
    while (read < length) {
      const count = readSync(fd, buffer, read, length - read, null);
      if (count === 0) process.exit(0);
      read += count;
    }
    return buffer;
  }

  return {
    send(message, bytes) {
      const frame = encodeFrame(message, bytes);
      let written = 0;
      while (written < frame.length) written += writeSync(fd, frame, written);
    },
    receive() {
      return decodeFrameBody(readExactly(readExactly(4).readUInt32LE(0)));
    },
  };
}
