import { StoaError } from "@stoa/protocol";

/** Dumping a large state takes a while. */
const TIMEOUT_MS = 30_000;

/**
 * Calls a JSON-RPC method of a local chain that viem has no action for.
 * @throws {StoaError} `chain_unavailable` when it does not answer or answers with an error
 */
export async function callRpc(rpcUrl: string, method: string, params: readonly unknown[]): Promise<unknown> {
  let answer: { result?: unknown; error?: { message: string } };
  try {
    const response = await fetch(rpcUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    answer = (await response.json()) as typeof answer;
  } catch (cause) {
    throw new StoaError("chain_unavailable", `${method}: ${rpcUrl} does not answer`, { cause });
  }
  if (answer.error) throw new StoaError("chain_unavailable", `${method}: ${answer.error.message}`);
  return answer.result;
}
