import { randomBytes } from "node:crypto";
import {
  type MarketMessage,
  type NodeId,
  type NodeMessage,
  type NodeMessages,
  isNotice,
  parseNodeMessage,
  type StoaError,
} from "@stoa/protocol";
import type { NetworkLog } from "../network-log.ts";
import type { Channel } from "../stream/channel.ts";
import type { Frame } from "../stream/frame.ts";
import { createIncoming } from "../stream/incoming.ts";
import { createOutgoing, messageText } from "../stream/outgoing.ts";
import { subjectOf } from "../stream/subject-of.ts";

/** Most bytes that wait for one node's acknowledgement; beyond it the node is taken for stuck. */
const MAX_WAITING_BYTES = 64 << 20;

/** What the market knows of a node that is there. */
export interface NodeSession {
  readonly nodeId: NodeId;
  readonly provider: `0x${string}`;
  readonly name: string;
  readonly slots: number;
  readonly freeSlots: number;
  readonly agents: ReadonlySet<string>;
  /** Tasks it says it is running. */
  readonly running: readonly string[];
  /** False while it is away within the grace time. */
  readonly connected: boolean;
  /** Epoch milliseconds. */
  readonly onlineSince: number;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

export interface NodePeerOptions {
  nodeId: NodeId;
  heartbeatTimeoutMs: number;
  graceMs: number;
  onMessage(nodeId: NodeId, message: NodeMessage): Promise<void>;
  onOnline(nodeId: NodeId, hello: NodeMessages["hello"]): Promise<void> | void;
  onOffline(nodeId: NodeId, reason: string): Promise<void> | void;
  log: NetworkLog;
}

export interface NodePeer {
  session(): NodeSession | null;
  send(message: MarketMessage): boolean;
  /** Takes a node's new stream in place of the old one; returns where the market stands in the node's numbering. */
  attach(hello: NodeMessages["hello"], channel: Channel): { session: string; seq: number };
  /** What the peer's own channel asks and tells. */
  take(channel: Channel): Uint8Array | null;
  accept(channel: Channel, frame: Frame): void;
  detach(channel: Channel, reason: string): void;
  numbering: string;
  stop(timeoutMs: number): Promise<void>;
}

/**
 * One node as the market sees it, across its streams.
 *
 *   away ──attach──▶ online ──stream lost──▶ in grace ──attach──▶ online
 *                                                └──graceMs──▶ away (onOffline)
 */
export function createNodePeer(options: NodePeerOptions): NodePeer {
  const { nodeId, log } = options;
  const numbering = randomBytes(16).toString("hex");
  const outgoing = createOutgoing();
  let nextSeq = 1;
  let current: Channel | null = null;
  let session: Mutable<NodeSession> | null = null;
  let tellAck = false;
  let paused = false;
  let silence: NodeJS.Timeout | null = null;
  let grace: NodeJS.Timeout | null = null;

  const incoming = createIncoming<NodeMessage>({
    parse: parseNodeMessage,
    peek: applyState,
    handle: async (message) => {
      if (message.type !== "hello") await options.onMessage(nodeId, message);
    },
    keyOf: subjectOf,
    onInvalid: reject,
    onHandled: acknowledge,
    onPressure(pause) {
      paused = pause;
      if (pause) current?.pause();
      else current?.resume();
      listen();
    },
    log,
  });

  function acknowledge(): void {
    tellAck = true;
    current?.flushSoon();
  }

  function reject(error: StoaError): void {
    log.warn({ nodeId, err: error }, "a node's message cannot be read");
    send({ type: "message.rejected", code: error.code, message: error.message.slice(0, 2_000) });
  }

  function applyState(message: NodeMessage): void {
    if (!session) return;
    if (message.type === "heartbeat") {
      session.freeSlots = Math.min(message.freeSlots, session.slots);
      session.running = message.running;
      acknowledge();
    } else if (message.type === "hosting") {
      session.slots = message.slots;
      session.freeSlots = Math.min(session.freeSlots, message.slots);
      session.agents = new Set(message.agents);
    }
  }

  /** Watches for silence; a stream the market itself has paused cannot speak. */
  function listen(): void {
    if (silence) clearTimeout(silence);
    silence = null;
    if (!current || paused) return;
    const channel = current;
    silence = setTimeout(
      () => channel.abort(`no heartbeat for ${options.heartbeatTimeoutMs} ms`),
      options.heartbeatTimeoutMs,
    );
  }

  function goOffline(reason: string): void {
    if (!session) return;
    session = null;
    outgoing.clear();
    log.info({ nodeId, reason }, "node offline");
    incoming.enqueue(() => options.onOffline(nodeId, reason));
  }

  function send(message: MarketMessage): boolean {
    if (!session) return false;
    const text = messageText(message);
    if (isNotice(message.type)) {
      if (!current || !outgoing.notice(text)) return false;
    } else {
      outgoing.enqueue(nextSeq++, text);
    }
    if (outgoing.waiting().bytes > MAX_WAITING_BYTES) {
      current?.abort(`${outgoing.waiting().bytes} bytes wait for its acknowledgement`);
      goOffline("it does not acknowledge");
      return false;
    }
    current?.flushSoon();
    return true;
  }

  function attach(hello: NodeMessages["hello"], channel: Channel): { session: string; seq: number } {
    const previous = current;
    current = channel;
    previous?.abort("the node came back on another stream");
    if (grace) clearTimeout(grace);
    grace = null;
    const wasOnline = session !== null;
    session = {
      nodeId,
      provider: hello.link.provider,
      name: hello.name,
      slots: hello.slots,
      freeSlots: session?.freeSlots ?? hello.slots,
      agents: new Set(hello.agents),
      running: session?.running ?? [],
      connected: true,
      onlineSince: session?.onlineSince ?? Date.now(),
    };
    outgoing.rewind(hello.resumeFrom?.session === numbering ? hello.resumeFrom.seq : 0);
    const handled = incoming.begin(hello.session);
    if (!wasOnline) {
      log.info({ nodeId, name: hello.name, slots: hello.slots }, "node online");
      incoming.enqueue(() => options.onOnline(nodeId, hello));
    }
    if (paused) channel.pause();
    listen();
    channel.flushSoon();
    return { session: hello.session, seq: handled };
  }

  return {
    numbering,
    session: () => session,
    send,
    attach,
    take(channel) {
      if (channel !== current) return null;
      const frame = outgoing.take(incoming.ack(), tellAck);
      tellAck = false;
      return frame;
    },
    accept(channel, frame) {
      if (channel !== current) return;
      listen();
      outgoing.acknowledge(frame.ack);
      incoming.accept(frame);
    },
    detach(channel, reason) {
      if (channel !== current) return;
      current = null;
      listen();
      if (!session) return;
      session.connected = false;
      log.debug({ nodeId, reason }, "a node's stream ended");
      grace = setTimeout(() => goOffline(reason), options.graceMs);
    },
    async stop(timeoutMs) {
      if (grace) clearTimeout(grace);
      await current?.close(timeoutMs);
      if (silence) clearTimeout(silence);
      if (grace) clearTimeout(grace);
      await incoming.stop();
    },
  };
}
