import { type Address, ROUND_ANCHORS_ADDRESS, StoaError } from "@stoa/protocol";
import { concat } from "viem";
import { awaitTransaction } from "../client/await-transaction.ts";
import type { ChainSender } from "../client/chain-sender.ts";
import type { Chain } from "../client/connect-chain.ts";
import { pause } from "../client/pause.ts";
import { toChainError } from "../client/to-chain-error.ts";
import { roundAnchorsBytecode } from "../generated/round-anchors.ts";

/**
 * The factory that stands at one address on nearly every chain, Anvil's included, and deploys code at the address its
 * content gives: https://github.com/Arachnid/deterministic-deployment-proxy
 */
export const ANCHORS_FACTORY: Address = "0x4e59b44847b379578588920cA78FbF26c0B4956C";
const SALT = `0x${"00".repeat(32)}` as const;
/** How long a deployment that somebody else sent may take to come into a block. */
const OTHERS_TIMEOUT_MS = 30_000;

/**
 * Deploys the contract of anchors where its code belongs, or finds it there: whoever came first, all use the same one.
 * @returns its address, the same on every chain
 * @throws {StoaError} `invalid_configuration` when the chain has no factory for it
 */
export async function deployAnchors(sender: ChainSender): Promise<Address> {
  const { chain } = sender;
  if (await hasCode(chain, ROUND_ANCHORS_ADDRESS)) return ROUND_ANCHORS_ADDRESS;
  await requireFactory(chain);
  const doing = "deploying the anchors";
  try {
    const txHash = await sender.send({ doing, to: ANCHORS_FACTORY, data: concat([SALT, roundAnchorsBytecode]) });
    await awaitTransaction(chain, txHash, { doing });
  } catch (error) {
    // The factory refuses what is deployed already, or will be by a transaction that waits for its block.
    if (!(error instanceof StoaError) || error.code !== "chain_rejected") throw error;
    if (!(await isDeployedByOthers(chain))) throw error;
  }
  return ROUND_ANCHORS_ADDRESS;
}

/** @throws {StoaError} `invalid_configuration` when the chain has no factory for the contract of anchors */
export async function requireFactory(chain: Chain): Promise<void> {
  if (await hasCode(chain, ANCHORS_FACTORY)) return;
  throw new StoaError(
    "invalid_configuration",
    `chain ${chain.chainId} has no factory at ${ANCHORS_FACTORY}, which puts the contract of anchors at its address`,
  );
}

async function isDeployedByOthers(chain: Chain): Promise<boolean> {
  const until = performance.now() + OTHERS_TIMEOUT_MS;
  while (performance.now() < until) {
    if (await hasCode(chain, ROUND_ANCHORS_ADDRESS)) return true;
    await pause(100);
  }
  return false;
}

async function hasCode(chain: Chain, address: Address): Promise<boolean> {
  try {
    return (await chain.client.getCode({ address })) !== undefined;
  } catch (cause) {
    throw toChainError(cause, `looking for the code at ${address}`);
  }
}
