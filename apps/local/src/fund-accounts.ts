import {
  type Chain,
  type ChainSender,
  deposit,
  fundPaymaster,
  mintTestDollars,
  paymasterStatus,
  stake,
  stakeOf,
  tokenBalance,
  vaultBalance,
} from "@stoa/chain";
import type { Address } from "@stoa/protocol";
import type { LocalAccount } from "viem";

/** One test dollar has six decimals. */
const DOLLAR = 1_000_000n;
export const START_BALANCE = 100n * DOLLAR;
export const NODE_STAKE = 20n * DOLLAR;

const PAID_DAYS = 5n;

export interface Funding {
  chain: Chain;
  vault: Address;
  nodes: Address;
  token: Address;
  senderOf(wallet: LocalAccount): ChainSender;
  /** Mints: its transactions go out one after another. */
  minter: ChainSender;
}

/**
 * Gives the demo requester's empty account a start balance.
 * @returns whether it deposited: the market learns of it when the chain has confirmed it
 */
export async function fundRequester(
  { chain, vault, token, minter, senderOf }: Funding,
  requester: LocalAccount,
): Promise<boolean> {
  const { available, withdrawing } = await vaultBalance(chain, vault, requester.address, token);
  if (available + withdrawing > 0n) return false;
  if ((await tokenBalance(chain, token, requester.address)) < START_BALANCE) {
    await mintTestDollars(minter, { token, to: requester.address, amount: 2n * START_BALANCE });
  }
  await deposit(senderOf(requester), { vault, token, amount: START_BALANCE });
  return true;
}

/** Gives the paymaster enough for some days of its budget, when it has less than one. */
export async function fundGas(sender: ChainSender, paymaster: Address): Promise<void> {
  const { deposit: held, budgets } = await paymasterStatus(sender.chain, paymaster);
  if (held < budgets.perDay) await fundPaymaster(sender, { paymaster, amount: PAID_DAYS * budgets.perDay });
}

/** Stakes for a node what it needs to bid, when it has less. */
export async function fundNode(
  { chain, nodes, token, minter, senderOf }: Funding,
  provider: LocalAccount,
  node: Address,
): Promise<void> {
  const { staked } = await stakeOf(chain, nodes, { provider: provider.address, node, token });
  if (staked >= NODE_STAKE / 2n) return;
  await mintTestDollars(minter, { token, to: provider.address, amount: NODE_STAKE });
  await stake(senderOf(provider), { nodes, node, token, amount: NODE_STAKE });
}
