import { setTimeout as sleep } from "node:timers/promises";
import { multiaddr } from "@multiformats/multiaddr";
import {
  MARKET_PROTOCOL,
  type MarketMessage,
  type MarketMessages,
  type NodeMessage,
  type NodeMessages,
  parseMarketMessage,
} from "@stoa/protocol";
import type { Hex } from "viem";
import { createPeer } from "../create-peer.ts";
import type { NetworkLog } from "../network-log.ts";
import type { Channel } from "../stream/channel.ts";
import { createIncoming } from "../stream/incoming.ts";
import { createOutgoing } from "../stream/outgoing.ts";
import { subjectOf } from "../stream/subject-of.ts";
import { backoffMs } from "./backoff.ts";
import { joinMarket } from "./join-market.ts";
import { openOutbox } from "./outbox.ts";
import { createSender } from "./sender.ts";

/** A host that starts a hundred nodes at once takes seconds over their handshakes. */
const DIAL_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 1_000;
/** Heartbeats of silence after which the market is taken for gone: it answers each one. */
const SILENT_HEARTBEATS = 4;

export type LinkState =
  | { status: "connecting" }
  | { status: "online"; market: MarketMessages["hello.accepted"] }
  | { status: "away"; reason: string; retryInMs: number }
  | { status: "rejected"; code: string; reason: string; retryInMs: number }
  | { status: "stopped" };

export interface MarketLinkOptions {
  /** The node's own key, 32 bytes of hex. */
  privateKey: Hex;
  /** Asked before every attempt: a market may come back at another address. */
  addresses(): Promise<readonly string[]> | readonly string[];
  hello(): Omit<NodeMessages["hello"], "type" | "session" | "resumeFrom">;
  heartbeat(): Omit<NodeMessages["heartbeat"], "type">;
  outboxFolder: string;
  /** Deals with a message; numbered ones are acknowledged once this resolves, and tried again on a fault worth retrying. */
  onMessage(message: MarketMessage): Promise<void>;
  onState?(state: LinkState): void;
  log: NetworkLog;
  signal?: AbortSignal;
}

/** The node's end of its stream to the market. */
export interface MarketLink extends AsyncDisposable {
  /**
   * Sends a message. A numbered one is sent until the market acknowledges it, across streams (and, for
   * what is kept on disk, across restarts); false says that a message told once found no stream.
   */
  send(message: Exclude<NodeMessage, NodeMessages["hello"] | NodeMessages["heartbeat"]>): Promise<boolean>;
  /** Sends a heartbeat now. */
  beat(): void;
  state(): LinkState;
  /** Messages the market has not acknowledged yet. */
  unacknowledged(): number;
  /** Resolves when all is acknowledged, or with false after `timeoutMs`. */
  drained(timeoutMs: number): Promise<boolean>;
}

/**
 * Connects a node to its market and keeps it connected: dials again with backoff for as long as it lives.
 * @example
 * await using link = await connectMarket({ privateKey, addresses, hello, heartbeat, outboxFolder, onMessage, log });
 */
export async function connectMarket(options: MarketLinkOptions): Promise<MarketLink> {
  const { log } = options;
  const stopping = new AbortController();
  const outbox = await openOutbox(options.outboxFolder, log);
  const outgoing = createOutgoing();
  const drainWaiters = new Set<() => void>();
  let channel: Channel | null = null;
  let state: LinkState = { status: "connecting" };
  let tellAck = false;
  let lastHeardMs = 0;

  const flushSoon = () => channel?.flushSoon();
  const sender = createSender(outbox, outgoing, flushSoon);
  const incoming = createIncoming<MarketMessage>({
    parse: parseMarketMessage,
    handle: (message) => options.onMessage(message),
    keyOf: subjectOf,
    onInvalid: (error) => log.warn({ err: error }, "a message of the market's cannot be read"),
    onHandled() {
      tellAck = true;
      flushSoon();
    },
    onPressure: (pause) => (pause ? channel?.pause() : channel?.resume()),
    log,
  });

  function enter(next: LinkState): void {
    state = next;
    options.onState?.(next);
  }

  function beat(): void {
    if (channel) void sender.send({ type: "heartbeat", ...options.heartbeat() }, true);
  }

  /** Serves one stream from its hello to its end; returns how to go on. */
  async function serve(): Promise<LinkState> {
    const addresses = (await options.addresses()).map((text) => multiaddr(text));
    const connection = await libp2p.dial(addresses, {
      signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(DIAL_TIMEOUT_MS)]),
    });
    const stream = await connection.newStream(MARKET_PROTOCOL, { signal: AbortSignal.timeout(DIAL_TIMEOUT_MS) });
    const ended = Promise.withResolvers<string>();
    const position = incoming.position();
    const joined = await joinMarket({
      stream,
      connection,
      hello: { type: "hello", ...options.hello(), session: outbox.session, ...(position && { resumeFrom: position }) },
      take() {
        const frame = outgoing.take(incoming.ack(), tellAck);
        tellAck = false;
        return frame;
      },
      onFrame(frame) {
        lastHeardMs = performance.now();
        sender.acknowledge(frame.ack);
        if (sender.unacknowledged() === 0) for (const wake of drainWaiters) wake();
        incoming.accept(frame);
      },
      onClosed: (reason) => ended.resolve(reason),
    });
    if ("rejected" in joined)
      return { status: "rejected", code: joined.rejected.code, reason: joined.rejected.message, retryInMs: 0 };
    const pulse = attach(joined.accepted, joined.channel);
    const reason = await ended.promise;
    clearInterval(pulse);
    channel = null;
    return { status: "away", reason, retryInMs: 0 };
  }

  function attach(market: MarketMessages["hello.accepted"], joined: Channel): NodeJS.Timeout {
    channel = joined;
    lastHeardMs = performance.now();
    const handledSeq = market.resumeFrom?.session === outbox.session ? market.resumeFrom.seq : 0;
    sender.acknowledge(handledSeq);
    outgoing.rewind(handledSeq);
    incoming.begin(market.session);
    enter({ status: "online", market });
    beat();
    return setInterval(() => {
      const silentMs = performance.now() - lastHeardMs;
      if (silentMs > market.heartbeatMs * SILENT_HEARTBEATS)
        joined.abort(`the market was silent for ${Math.round(silentMs)} ms`);
      else beat();
    }, market.heartbeatMs);
  }

  async function run(): Promise<void> {
    for (let attempt = 0; !stopping.signal.aborted; attempt += 1) {
      enter({ status: "connecting" });
      const next = await serve().catch((error: Error): LinkState => ({
        status: "away",
        reason: error.message,
        retryInMs: 0,
      }));
      if (stopping.signal.aborted) return;
      if (next.status === "away" && lastHeardMs > 0) [attempt, lastHeardMs] = [0, 0];
      const retryInMs = backoffMs(attempt, Math.random());
      enter({ ...next, retryInMs } as LinkState);
      log.warn(state, "no stream to the market");
      await sleep(retryInMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  async function stop(): Promise<void> {
    stopping.abort();
    await channel?.close(CLOSE_TIMEOUT_MS);
    await libp2p.stop();
    await running;
    await incoming.stop();
    await outbox.close();
    enter({ status: "stopped" });
  }

  const libp2p = await createPeer({ privateKey: options.privateKey, listen: [] });
  const running = run();
  let stopped: Promise<void> | null = null;
  const dispose = () => (stopped ??= stop());
  options.signal?.addEventListener(
    "abort",
    () => void dispose().catch((error: unknown) => log.error({ err: error }, "the link did not stop cleanly")),
    { once: true },
  );

  return {
    send: (message) => sender.send(message, channel !== null),
    beat,
    state: () => state,
    unacknowledged: sender.unacknowledged,
    async drained(timeoutMs) {
      const deadline = AbortSignal.timeout(timeoutMs);
      while (sender.unacknowledged() > 0 && !deadline.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>();
        drainWaiters.add(resolve);
        deadline.addEventListener("abort", () => resolve(), { once: true });
        await promise;
        drainWaiters.delete(resolve);
      }
      return sender.unacknowledged() === 0;
    },
    [Symbol.asyncDispose]: dispose,
  };
}
