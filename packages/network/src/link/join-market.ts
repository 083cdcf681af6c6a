import type { Connection, Stream } from "@libp2p/interface";
import { type MarketMessages, type NodeMessages, parseMarketMessage, StoaError } from "@stoa/protocol";
import { type Channel, openChannel } from "../stream/channel.ts";
import { encodeFrame, type Frame } from "../stream/frame.ts";
import { messageText } from "../stream/outgoing.ts";

const HELLO_TIMEOUT_MS = 10_000;

export interface JoinOptions {
  stream: Stream;
  connection: Connection;
  hello: NodeMessages["hello"];
  /** Sees every frame after the acceptance. */
  onFrame(frame: Frame): void;
  take(): Uint8Array | null;
  onClosed(reason: string): void;
}

/** What the market answered to a hello. */
export type Joined =
  | { accepted: MarketMessages["hello.accepted"]; channel: Channel }
  | { rejected: MarketMessages["hello.rejected"] };

/**
 * Greets the market on a new stream and waits for its answer.
 * @throws {StoaError} `server_unavailable` when the stream ended, or stayed silent, before an answer
 */
export function joinMarket(options: JoinOptions): Promise<Joined> {
  return new Promise((resolve, reject) => {
    let greeting: Uint8Array | null = encodeFrame(0, 0, [], [messageText(options.hello)]);
    let joined = false;
    const timeout = setTimeout(
      () => channel.abort(`no answer to the hello within ${HELLO_TIMEOUT_MS} ms`),
      HELLO_TIMEOUT_MS,
    );
    const channel = openChannel({
      stream: options.stream,
      take() {
        if (joined) return options.take();
        const first = greeting;
        greeting = null;
        return first;
      },
      onFrame(frame) {
        if (joined) return options.onFrame(frame);
        clearTimeout(timeout);
        const answer = parseMarketMessage(frame.notices[0]);
        if (answer.type === "hello.accepted") {
          joined = true;
          resolve({ accepted: answer, channel });
        } else if (answer.type === "hello.rejected") {
          resolve({ rejected: answer });
          channel.abort(`the market refused the hello: ${answer.code}`);
        } else {
          throw new StoaError("invalid_request", `expected an answer to the hello, got ${answer.type}`);
        }
      },
      onClosed(reason) {
        clearTimeout(timeout);
        options.connection.abort(new Error(reason));
        if (joined) options.onClosed(reason);
        else reject(new StoaError("server_unavailable", `the market's stream ended: ${reason}`));
      },
    });
    channel.flushSoon();
  });
}
