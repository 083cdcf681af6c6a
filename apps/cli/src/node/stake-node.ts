import { nodesOf, stake, stakeOf } from "@stoa/chain";
import type { Address } from "@stoa/protocol";
import { requireInWallet } from "../contracts/require-in-wallet.ts";
import { openChain } from "../profile/open-chain.ts";
import type { OpenedMarket } from "../profile/open-market.ts";

/**
 * Stakes from the provider's wallet what a node's stake lacks.
 * @returns what was staked now; zero when there was enough
 * @throws {StoaError} `insufficient_funds`, `chain_unavailable`, `chain_rejected`
 */
export async function stakeNode(
  market: OpenedMarket,
  { node, wanted, testMoney }: { node: Address; wanted: bigint; testMoney: boolean },
): Promise<bigint> {
  if (wanted === 0n) return 0n;
  const { money } = market;
  const { sender, wallet, vault, token } = await openChain(market);
  const nodes = await nodesOf(sender.chain, vault);
  const { staked } = await stakeOf(sender.chain, nodes, { provider: wallet.address, node, token });
  if (staked >= wanted) return 0n;
  const lacking = wanted - staked;
  await requireInWallet(sender, { token, amount: lacking, money, what: "the stake lacks", testMoney });
  await stake(sender, { nodes, node, token, amount: lacking });
  return lacking;
}
