import { canonicalJson, type Hash, type Json, type Quote, type QuoteRequest } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** A task to be quoted: its input, or only the size of it. */
export interface QuoteTask {
  /** A dotted name such as `text.summarize`. */
  capability: string;
  /** Only this agent version may do it. */
  agentVersion?: Hash;
  input?: Json;
  /** Bytes of the input as canonical JSON, when there is no `input` to measure. */
  inputBytes?: number;
  /** The most it may cost, platform fee included, in the token's smallest unit; the nodes are not told. */
  maxPrice?: bigint;
  /** Seconds from now to the result; five minutes unless said otherwise. */
  deliverInSeconds?: number;
}

/**
 * Asks what a task would meet now, without ordering it: price, start, competitors, and why other nodes would not take
 * it. Live nodes answer; it is an estimate that binds nobody. The input stays here, only its size is sent.
 * @throws {StoaError} `unknown_capability` with the nearest names, `too_many_requests`
 * @example
 * const { summary, price } = await client.tasks.quote({ capability: "text.summarize", input: { text } });
 */
export function quoteTask(connection: Connection, request: QuoteTask): Promise<Quote> {
  const { capability, agentVersion, input, maxPrice, deliverInSeconds } = request;
  const measured = input === undefined ? 0 : new TextEncoder().encode(canonicalJson(input)).byteLength;
  const body: QuoteRequest = {
    capability,
    inputBytes: request.inputBytes ?? measured,
    ...(agentVersion === undefined ? {} : { agentVersion }),
    ...(maxPrice === undefined ? {} : { maxPrice: maxPrice.toString() }),
    ...(deliverInSeconds === undefined ? {} : { deliverInSeconds }),
  };
  return requestJson(connection, "/tasks/quote", { method: "POST", body, repeatable: true });
}
