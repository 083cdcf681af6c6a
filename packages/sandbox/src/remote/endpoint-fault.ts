import type { ExecutionFailureReason } from "@stoa/protocol";

/** Failures of a connection that the next one may not have. */
const PASSING = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "EAI_AGAIN",
  "ENETUNREACH",
  "ENETDOWN",
]);
/** Of those, the ones that say that the node itself has no network. */
const OF_THE_NODE = new Set(["EAI_AGAIN", "ENETUNREACH", "ENETDOWN"]);

/** Why calling an endpoint failed. */
export class EndpointFault extends Error {
  readonly reason: ExecutionFailureReason;
  /** True when the same call, made again, may end well. */
  readonly isPassing: boolean;
  /** What the endpoint asked to be left alone for. */
  readonly retryAfterMs: number | undefined;

  constructor(
    reason: ExecutionFailureReason,
    message: string,
    options: { isPassing?: boolean; retryAfterMs?: number | undefined } = {},
  ) {
    super(message);
    this.name = "EndpointFault";
    this.reason = reason;
    this.isPassing = options.isPassing ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** What an error of a connection, or of a protocol's client, comes to. */
export function toEndpointFault(error: unknown): EndpointFault {
  if (error instanceof EndpointFault) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== undefined && PASSING.has(code)) {
    const reason = OF_THE_NODE.has(code) ? "sandbox_failed" : "crashed";
    return new EndpointFault(reason, `the endpoint could not be reached: ${message || code}`, { isPassing: true });
  }
  return new EndpointFault("crashed", `the call of the endpoint failed: ${message || String(error)}`);
}
