import { identify } from "@libp2p/identify";
import type { Libp2p } from "@libp2p/interface";
import { noise } from "@libp2p/noise";
import { ping } from "@libp2p/ping";
import { tcp } from "@libp2p/tcp";
import { yamux } from "@libp2p/yamux";
import { createLibp2p } from "libp2p";
import type { Hex } from "viem";
import { peerKey } from "./node-address.ts";

/** libp2p turns away a sixth connection a second from one host by default, and an eleventh pending one: a rack of nodes behind one address needs more. */
const CONNECTIONS_PER_SECOND_PER_HOST = 1_000;
const PENDING_CONNECTIONS = 1_000;
const MAX_CONNECTIONS = 10_000;

/** The flow-control window of a stream stays below what a paused reader may buffer, or the stream is reset. */
const STREAM_WINDOW_BYTES = 1 << 20;
const READ_BUFFER_BYTES = 4 << 20;

export interface PeerOptions {
  privateKey: Hex;
  /** Multiaddrs to listen on; none for a peer that only dials. */
  listen: readonly string[];
  /** Multiaddrs to tell instead of the ones listened on. */
  announce?: readonly string[];
}

/**
 * Starts a libp2p peer over TCP, noise and yamux. Its own keep-alive is off: the market's heartbeats
 * decide who is there, on the stream that does the work.
 */
export async function createPeer(options: PeerOptions): Promise<Libp2p> {
  return await createLibp2p({
    privateKey: peerKey(options.privateKey),
    addresses: { listen: [...options.listen], announce: [...(options.announce ?? [])] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [
      yamux({
        streamOptions: { maxStreamWindowSize: STREAM_WINDOW_BYTES, maxReadBufferLength: READ_BUFFER_BYTES },
      }),
    ],
    connectionMonitor: { enabled: false },
    connectionManager: {
      maxConnections: MAX_CONNECTIONS,
      inboundConnectionThreshold: CONNECTIONS_PER_SECOND_PER_HOST,
      maxIncomingPendingConnections: PENDING_CONNECTIONS,
    },
    services: { identify: identify(), ping: ping() },
  });
}
