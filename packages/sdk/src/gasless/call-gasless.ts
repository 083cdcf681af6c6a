import type { GaslessAnswer } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/**
 * Asks the market to estimate, sponsor or bring an operation of the signed-in wallet, by the methods of ERC-4337 and
 * ERC-7677: bundler and sponsor at once, for a wallet without ether.
 * @throws {StoaError} `forbidden` for what it does not pay for, `budget_exhausted`, `chain_rejected`, `not_found` when
 * it pays nobody's gas
 * @example
 * const sender = gaslessSender({ chain, account, bundler: client.gasless, sponsor: rpcSponsor(chain.chainId, client.gasless) });
 */
export async function callGasless(
  connection: Connection,
  { method, params = [] }: { method: string; params?: unknown },
): Promise<unknown> {
  // An operation happens once, however often it is brought.
  const options = { method: "POST", body: { method, params }, repeatable: true } as const;
  return (await requestJson<GaslessAnswer>(connection, "/gasless", options)).result;
}
