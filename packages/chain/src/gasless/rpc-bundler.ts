import { StoaError } from "@stoa/protocol";
import { BaseError, http, RpcRequestError } from "viem";
import { toChainError } from "../client/to-chain-error.ts";
import type { Bundler } from "./bundler.ts";

/** ERC-4337's own codes: the operation is refused, not the request lost. */
const [FIRST_REFUSAL, LAST_REFUSAL] = [-32_521, -32_500];

/**
 * Any bundler that serves the EntryPoint v0.8, by its URL.
 * @throws {StoaError} from `request`: `chain_rejected` with the bundler's words, `chain_unavailable`
 * @example
 * const bundler = rpcBundler("https://bundler.example/rpc");
 */
export function rpcBundler(url: string, { timeoutMs = 30_000 }: { timeoutMs?: number } = {}): Bundler {
  // A path may hold the key to it: errors name its host alone.
  const { host } = new URL(url);
  // Nothing is asked again by itself: what became of an operation is what its receipt says.
  const { request } = http(url, { timeout: timeoutMs, retryCount: 0 })({});
  return {
    async request(call) {
      try {
        return await request(call);
      } catch (cause) {
        throw refusalOf(cause) ?? toChainError(cause, `asking the bundler at ${host}`);
      }
    },
  };
}

function refusalOf(cause: unknown): StoaError | null {
  const found = cause instanceof BaseError ? cause.walk((error) => error instanceof RpcRequestError) : null;
  if (!(found instanceof RpcRequestError)) return null;
  if (found.code < FIRST_REFUSAL || found.code > LAST_REFUSAL) return null;
  return new StoaError("chain_rejected", `the bundler refuses: ${found.details}`, { cause });
}
