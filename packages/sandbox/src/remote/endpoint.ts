import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { limits, StoaError } from "@stoa/protocol";
import { admitRemote, isLoopbackHost } from "../admission/admit-remote.ts";
import type { Reach } from "../reach/open-request.ts";
import type { RemoteManifest, RemoteProtocol } from "./protocol.ts";
import type { RequestSigner } from "./sign-request.ts";
import { speakA2a } from "./speak-a2a.ts";
import { speakHttp } from "./speak-http.ts";
import { speakMcp } from "./speak-mcp.ts";
import { openWire, type Wire } from "./wire.ts";

const PROTOCOLS: Readonly<Record<RemoteManifest["artifact"]["protocol"], RemoteProtocol>> = {
  a2a: speakA2a,
  mcp: speakMcp,
  http: speakHttp,
};
/** A protocol's own words around an input, an output or a log. */
const ENVELOPE_BYTES = 256 << 10;
/** Protocols say an output twice, once as text inside JSON; a log's characters grow up to sixfold there. */
const OUTPUT_FACTOR = 4;
const LOG_FACTOR = 6;
/** Connections kept for the next execution. */
const KEPT_CONNECTIONS = 4;

export interface EndpointOptions {
  manifest: RemoteManifest;
  /** Lets endpoints be on the node's own machine, where they need no TLS. */
  allowLoopback?: boolean;
  /** Signs every request, so that the endpoint knows its caller. */
  signer?: RequestSigner;
}

export interface Endpoint extends Disposable {
  manifest: RemoteManifest;
  protocol: RemoteProtocol;
  /** @param signal ends everything of the wire */
  wire(signal: AbortSignal, idempotencyKey?: string): Wire;
}

/**
 * The endpoint an agent's manifest names, ready to be called; connects to nothing yet.
 * @throws {StoaError} `invalid_artifact` when this node may not call it
 */
export function openEndpoint({ manifest, allowLoopback = false, signer }: EndpointOptions): Endpoint {
  const endpoint = admitRemote(manifest);
  if (!allowLoopback && isLoopbackHost(endpoint))
    throw new StoaError(
      "invalid_artifact",
      `the endpoint of ${manifest.name} is on the machine of whoever calls it, ${endpoint.origin}; this node calls no such endpoints`,
    );
  const isSecure = endpoint.protocol === "https:";
  const reach: Reach = isSecure ? (allowLoopback ? ["public", "loopback"] : ["public"]) : ["loopback"];
  const kept = { keepAlive: true, maxFreeSockets: KEPT_CONNECTIONS };
  const agent = isSecure ? new HttpsAgent(kept) : new HttpAgent(kept);
  const { outputBytes, logBytes } = manifest.limits;
  const protocol = PROTOCOLS[manifest.artifact.protocol];
  return {
    manifest,
    protocol,
    wire: (signal, idempotencyKey) =>
      openWire({
        endpoint,
        reach,
        agent,
        signer,
        idempotencyKey,
        isWork: protocol.isWork,
        requestBytes: limits.inputBytes + ENVELOPE_BYTES,
        answerBytes: OUTPUT_FACTOR * outputBytes + LOG_FACTOR * logBytes + ENVELOPE_BYTES,
        signal,
      }),
    [Symbol.dispose]: () => agent.destroy(),
  };
}
