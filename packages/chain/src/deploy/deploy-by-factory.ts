import { type Address, StoaError } from "@stoa/protocol";
import { concat, type Hex } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import type { Chain } from "../client/connect-chain.ts";
import { pause } from "../client/pause.ts";
import { codeAt } from "./code-at.ts";

/**
 * The factory that stands at one address on nearly every chain, Anvil's included, and deploys code at the address its
 * content gives: https://github.com/Arachnid/deterministic-deployment-proxy
 */
export const FACTORY: Address = "0x4e59b44847b379578588920cA78FbF26c0B4956C";
/** Of what has no salt of its own. */
export const FACTORY_SALT = `0x${"00".repeat(32)}` as const;
/** How long a deployment that somebody else sent may take to come into a block. */
const OTHERS_TIMEOUT_MS = 30_000;

/**
 * Deploys code where its content puts it, or finds it there: whoever came first, all use the same one.
 * @param what is deployed, for errors: "the anchors"
 * @param address where the factory puts `bytecode` with `salt`
 * @throws {StoaError} `invalid_configuration` when the chain has no factory
 */
export async function deployByFactory(
  sender: ChainSender,
  { what, address, bytecode, salt = FACTORY_SALT }: { what: string; address: Address; bytecode: Hex; salt?: Hex },
): Promise<void> {
  const { chain } = sender;
  if (await codeAt(chain, address)) return;
  await requireFactory(chain);
  const doing = `deploying ${what}`;
  try {
    const txHash = await sender.send({ doing, to: FACTORY, data: concat([salt, bytecode]) });
    await sender.wait(txHash, { doing });
  } catch (error) {
    // The factory refuses what is deployed already, or will be by a transaction that waits for its block.
    if (!(error instanceof StoaError) || error.code !== "chain_rejected") throw error;
    if (!(await isDeployedByOthers(chain, address))) throw error;
  }
}

/** @throws {StoaError} `invalid_configuration` when the chain has no factory */
export async function requireFactory(chain: Chain): Promise<void> {
  if (await codeAt(chain, FACTORY)) return;
  throw new StoaError(
    "invalid_configuration",
    `chain ${chain.chainId} has no factory at ${FACTORY}, which puts code at the address its content gives`,
  );
}

async function isDeployedByOthers(chain: Chain, address: Address): Promise<boolean> {
  const until = performance.now() + OTHERS_TIMEOUT_MS;
  while (performance.now() < until) {
    if (await codeAt(chain, address)) return true;
    await pause(100);
  }
  return false;
}
