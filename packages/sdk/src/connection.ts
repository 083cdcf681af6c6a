import type { MarketInfo } from "@stoa/protocol";
import type { Credentials } from "./credentials.ts";

/** What every operation of a client works with. */
export interface Connection {
  /** The market's base address, without a slash at its end. */
  readonly url: string;
  readonly fetch: typeof fetch;
  readonly credentials: Credentials;
  /** The market's terms, read again when they are older than a minute. */
  terms(): Promise<MarketInfo>;
  /** A number for the next order. */
  nextNonce(): bigint;
}
