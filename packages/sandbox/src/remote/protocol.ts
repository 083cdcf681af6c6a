import type { Json, ManifestOf, RemoteArtifact } from "@stoa/protocol";
import type { Wire } from "./wire.ts";

export type RemoteManifest = ManifestOf<RemoteArtifact>;

/** One call of an endpoint. */
export interface RemoteCall {
  executionId: string;
  manifest: RemoteManifest;
  input: Json;
  wire: Wire;
  /** The execution is over: the endpoint is told to stop, and the call ends. */
  signal: AbortSignal;
  onLog(text: string): void;
  onProgress(fraction: number, text: string): void;
}

/** A way to speak to endpoints. */
export interface RemoteProtocol {
  /**
   * Has the endpoint work, and gives the text of its output.
   * @throws {EndpointFault} or whatever the wire failed of
   */
  call(call: RemoteCall): Promise<string>;
  /** True for the one request of a call that asks for the work, and not for what is said around it. */
  isWork(body: Uint8Array): boolean;
  /** Resolves when the endpoint would take a call. */
  probe(probe: Pick<RemoteCall, "manifest" | "wire" | "signal">): Promise<void>;
}

/** An agent whose output is text may answer with it as it is; every other's answer is read as JSON. */
export function outputOfText(text: string, manifest: RemoteManifest): string {
  const { output } = manifest;
  if (typeof output !== "object" || output["type"] !== "string") return text;
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text);
  }
}
