import type { Connection, Libp2p, Stream } from "@libp2p/interface";
import type { Hex } from "viem";
import { MARKET_PROTOCOL, type MarketMessage, type NodeId } from "@stoa/protocol";
import { createPeer } from "../create-peer.ts";
import type { Channel } from "../stream/channel.ts";
import { greet, type GreetOptions } from "./greet.ts";
import { createNodePeer, type NodePeer, type NodePeerOptions, type NodeSession } from "./node-peer.ts";

const HEARTBEAT_TIMEOUT_MS = 6_000;
const GRACE_MS = 2_000;
const HELLO_TIMEOUT_MS = 5_000;
const CLOSE_TIMEOUT_MS = 1_000;
/** A heartbeat may be late or lost twice before the node is taken for dead. */
const HEARTBEATS_PER_TIMEOUT = 3;

export interface NodeHubOptions {
  /** The market's own peer key: 32 bytes of hex. Nodes pin it through the address they dial. */
  privateKey: Hex;
  /** Multiaddrs such as `/ip4/0.0.0.0/tcp/4001`; port 0 takes a free one. */
  listen: readonly string[];
  /** Multiaddrs to tell nodes instead. */
  announce?: readonly string[];
  /** What every node is told when it is accepted. */
  market: GreetOptions["market"];
  heartbeatTimeoutMs?: number;
  graceMs?: number;
  helloTimeoutMs?: number;
  /** Throws a StoaError to turn the node away; its code and message reach the node. */
  authorise: GreetOptions["authorise"];
  /** Deals with a message; it is acknowledged once this resolves, and tried again on a fault worth retrying. */
  onMessage: NodePeerOptions["onMessage"];
  onOnline: NodePeerOptions["onOnline"];
  onOffline: NodePeerOptions["onOffline"];
  log: NodePeerOptions["log"];
  signal?: AbortSignal;
}

/** The market's end of every node's stream. */
export interface NodeHub extends AsyncDisposable {
  /** Multiaddrs to dial, with the hub's peer id. */
  addresses(): string[];
  /** Whether a node is there, or within its grace time. */
  isKnown(nodeId: NodeId): boolean;
  /** Whether a node's stream is open here. */
  isConnected(nodeId: NodeId): boolean;
  /** Nodes that are there, those within their grace time included. */
  online(): ReadonlyMap<NodeId, NodeSession>;
  /**
   * Queues a message for a node: a numbered one is sent until the node acknowledges it or goes offline.
   * False when the node is not there (or too slow for a message that is told once).
   * @throws {StoaError} `too_large` when no frame could carry it
   */
  send(nodeId: NodeId, message: MarketMessage): boolean;
}

/** Closes connections on which no market stream was opened in time: strangers must not fill the hub by saying nothing. */
function closeSilent(libp2p: Libp2p, timeoutMs: number): void {
  libp2p.addEventListener("connection:open", ({ detail: connection }) => {
    const timer = setTimeout(() => {
      if (connection.streams.some(({ protocol }) => protocol === MARKET_PROTOCOL)) return;
      connection.close().catch((error: Error) => connection.abort(error));
    }, timeoutMs);
    connection.addEventListener("close", () => clearTimeout(timer));
  });
}

/**
 * Listens for nodes on one libp2p protocol. Messages of one node are handled in order; nodes do not wait for each other.
 * @example
 * await using hub = await startNodeHub({ privateKey, listen: ["/ip4/127.0.0.1/tcp/0"], market, authorise, onMessage, onOnline, onOffline, log });
 */
export async function startNodeHub(options: NodeHubOptions): Promise<NodeHub> {
  const heartbeatTimeoutMs = options.heartbeatTimeoutMs ?? HEARTBEAT_TIMEOUT_MS;
  const peers = new Map<NodeId, NodePeer>();
  const greeting = new Set<Channel>();
  let stopped: Promise<void> | null = null;

  function peerOf(nodeId: NodeId): NodePeer {
    const known =
      peers.get(nodeId) ??
      createNodePeer({ ...options, nodeId, heartbeatTimeoutMs, graceMs: options.graceMs ?? GRACE_MS });
    peers.set(nodeId, known);
    return known;
  }

  const libp2p = await createPeer(options);
  const greetOptions: GreetOptions = {
    ...options,
    peerOf,
    helloTimeoutMs: options.helloTimeoutMs ?? HELLO_TIMEOUT_MS,
    heartbeatMs: Math.max(10, Math.floor(heartbeatTimeoutMs / HEARTBEATS_PER_TIMEOUT)),
  };
  const serve = (stream: Stream, connection: Connection) => {
    if (stopped) return stream.abort(new Error("the market is stopping"));
    const channel = greet(stream, connection, greetOptions);
    greeting.add(channel);
    stream.addEventListener("close", () => greeting.delete(channel));
  };
  await libp2p.handle(MARKET_PROTOCOL, serve, { maxInboundStreams: 1 });
  closeSilent(libp2p, greetOptions.helloTimeoutMs);

  async function stop(): Promise<void> {
    await libp2p.unhandle(MARKET_PROTOCOL);
    await Promise.all([...peers.values()].map((peer) => peer.stop(CLOSE_TIMEOUT_MS)));
    for (const channel of greeting) channel.abort("the market is stopping");
    await libp2p.stop();
  }
  const dispose = () => (stopped ??= stop());
  options.signal?.addEventListener(
    "abort",
    () => void dispose().catch((error: unknown) => options.log.error({ err: error }, "the hub did not stop cleanly")),
    { once: true },
  );

  return {
    addresses: () => libp2p.getMultiaddrs().map(String),
    online() {
      const sessions = new Map<NodeId, NodeSession>();
      for (const [nodeId, peer] of peers) {
        const session = peer.session();
        if (session) sessions.set(nodeId, session);
      }
      return sessions;
    },
    isKnown: (nodeId) => (peers.get(nodeId)?.session() ?? null) !== null,
    isConnected: (nodeId) => peers.get(nodeId)?.session()?.connected === true,
    send: (nodeId, message) => peers.get(nodeId)?.send(message) ?? false,
    [Symbol.asyncDispose]: dispose,
  };
}
