import type { Connection, Stream } from "@libp2p/interface";
import { type MarketMessages, type NodeId, type NodeMessages, parseNodeMessage, StoaError } from "@stoa/protocol";
import { nodeAddress } from "../node-address.ts";
import type { NetworkLog } from "../network-log.ts";
import { type Channel, openChannel } from "../stream/channel.ts";
import { encodeFrame, type Frame } from "../stream/frame.ts";
import { messageText } from "../stream/outgoing.ts";
import type { NodePeer } from "./node-peer.ts";

export interface GreetOptions {
  helloTimeoutMs: number;
  market: Omit<MarketMessages["hello.accepted"], "type" | "node" | "heartbeatMs" | "session" | "resumeFrom">;
  heartbeatMs: number;
  authorise(hello: NodeMessages["hello"], nodeId: NodeId): Promise<void>;
  peerOf(nodeId: NodeId): NodePeer;
  log: NetworkLog;
}

function readHello(frame: Frame, nodeId: NodeId): NodeMessages["hello"] {
  const hello = parseNodeMessage(frame.notices[0]);
  if (hello.type !== "hello" || frame.notices.length !== 1 || frame.messages.length !== 0) {
    throw new StoaError("invalid_request", `a stream begins with one hello, got ${hello.type}`);
  }
  if (hello.link.node.toLowerCase() !== nodeId.toLowerCase()) {
    throw new StoaError("unknown_node", `the link is for node ${hello.link.node}, this peer's key is ${nodeId}`);
  }
  return hello;
}

/**
 * Takes a new stream: the first frame must be a hello whose link names the very key the peer proved in
 * its handshake. Only an authorised node's stream reaches its {@link NodePeer}.
 *
 *   silent ──hello──▶ asking ──authorised──▶ attached
 *      └─────timeout─────┴──────refused──────▶ closed (hello.rejected)
 */
export function greet(stream: Stream, connection: Connection, options: GreetOptions): Channel {
  const { log } = options;
  const parting: Uint8Array[] = [];
  let peer: NodePeer | null = null;
  let asking = false;

  const timeout = setTimeout(
    () => channel.abort(`no hello within ${options.helloTimeoutMs} ms`),
    options.helloTimeoutMs,
  );
  const channel = openChannel({
    stream,
    take: () => parting.shift() ?? peer?.take(channel) ?? null,
    onFrame(frame) {
      if (peer) return peer.accept(channel, frame);
      if (asking) return channel.abort("a frame came before the hello was answered");
      asking = true;
      answer(frame).catch(refuse);
    },
    onClosed(reason) {
      clearTimeout(timeout);
      peer?.detach(channel, reason);
      // One stream per connection: nothing else is said on it, so it must not stay and cost.
      connection.close().catch((error: Error) => connection.abort(error));
    },
  });

  async function answer(frame: Frame): Promise<void> {
    const nodeId = nodeAddress(connection.remotePeer);
    const hello = readHello(frame, nodeId);
    await options.authorise(hello, nodeId);
    clearTimeout(timeout);
    if (stream.status !== "open") return;
    const joined = options.peerOf(nodeId);
    const resumeFrom = joined.attach(hello, channel);
    const accepted = {
      type: "hello.accepted" as const,
      node: nodeId,
      ...options.market,
      heartbeatMs: options.heartbeatMs,
      session: joined.numbering,
      resumeFrom,
    };
    parting.push(encodeFrame(0, 0, [], [messageText(accepted)]));
    peer = joined;
    channel.flushSoon();
  }

  function refuse(error: unknown): void {
    clearTimeout(timeout);
    const known =
      error instanceof StoaError
        ? error
        : new StoaError("internal", "the hello could not be checked", { cause: error });
    log.warn({ peer: connection.remotePeer.toString(), err: error }, "a node's hello was refused");
    const rejected = { type: "hello.rejected", code: known.code, message: known.message.slice(0, 2_000) };
    parting.push(encodeFrame(0, 0, [], [messageText(rejected)]));
    void channel.close(options.helloTimeoutMs);
  }

  return channel;
}
