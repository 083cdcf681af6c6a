import { printable } from "../runner/printable.ts";
import { toEndpointFault } from "./endpoint-fault.ts";
import { type EndpointOptions, openEndpoint } from "./endpoint.ts";

/** What is kept of an endpoint's own words. */
const DETAIL_LENGTH = 300;

/**
 * Finds out whether an endpoint would take a call, without having it work.
 * @returns what stands in the way, or null
 * @throws {StoaError} `invalid_artifact` when this node may not call it
 */
export async function probeEndpoint(
  options: EndpointOptions,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<string | null> {
  using endpoint = openEndpoint(options);
  const timeout = AbortSignal.timeout(timeoutMs);
  const over = new AbortController();
  const all = AbortSignal.any([signal, timeout, over.signal]);
  const wire = endpoint.wire(all);
  try {
    await endpoint.protocol.probe({ manifest: endpoint.manifest, wire, signal: all });
    return null;
  } catch (error) {
    if (timeout.aborted) return `the endpoint did not answer within ${timeoutMs} ms`;
    return printable((wire.fault() ?? toEndpointFault(error)).message.slice(0, DETAIL_LENGTH));
  } finally {
    over.abort();
  }
}
