import type { MarketInfo } from "@stoa/protocol";
import { type Hash, parseAbi } from "viem";
import type { ChainWallet } from "./chain-wallet.ts";

const token = parseAbi([
  "function balanceOf(address) view returns (uint256)",
  "function allowance(address, address) view returns (uint256)",
  "function approve(address, uint256) returns (bool)",
  "function mint(address, uint256)",
]);
const vault = parseAbi([
  "function depositFor(address, address, uint256)",
  "function requestWithdrawal(address, uint256)",
  "function completeWithdrawal(address, address)",
  "function pendingWithdrawal(address, address) view returns (uint256, uint256)",
]);

/** Gas for some hundred transactions. */
const GAS_WEI = 10n ** 18n;

export interface WalletHoldings {
  /** Of the market's token, outside the market. */
  inWallet: bigint;
  withdrawing: bigint;
  /** Epoch milliseconds from which that can be taken; null when nothing waits. */
  unlocksAt: number | null;
}

type Where = Pick<MarketInfo, "vault" | "token">;
const addressesOf = ({ vault, token }: Where) => [vault, token.address] as const;

/** Reads from the chain what a wallet holds, and what waits for it there. */
export async function readHoldings({ reads, address }: ChainWallet, market: Where): Promise<WalletHoldings> {
  const [vaultAt, tokenAt] = addressesOf(market);
  const [inWallet, [withdrawing, unlockAt]] = await Promise.all([
    reads.readContract({ address: tokenAt, abi: token, functionName: "balanceOf", args: [address] }),
    reads.readContract({ address: vaultAt, abi: vault, functionName: "pendingWithdrawal", args: [address, tokenAt] }),
  ]);
  return { inWallet, withdrawing, unlocksAt: withdrawing === 0n ? null : Number(unlockAt) * 1_000 };
}

/** Moves money from the wallet into the market's vault: an approval where one is needed, and the deposit. */
export async function deposit(own: ChainWallet, market: Where, amount: bigint): Promise<Hash> {
  const { wallet, reads, address } = own;
  const [vaultAt, tokenAt] = addressesOf(market);
  const args = [address, vaultAt] as const;
  const allowed = await reads.readContract({ address: tokenAt, abi: token, functionName: "allowance", args });
  if (allowed < amount)
    await mined(
      own,
      await wallet.writeContract({ address: tokenAt, abi: token, functionName: "approve", args: [vaultAt, amount] }),
    );
  const call = { address: vaultAt, abi: vault, functionName: "depositFor", args: [address, tokenAt, amount] } as const;
  return mined(own, await wallet.writeContract(call));
}

/** Asks for money back: it can be taken when the vault's delay has passed. */
export async function requestWithdrawal(own: ChainWallet, market: Where, amount: bigint): Promise<Hash> {
  const [vaultAt, tokenAt] = addressesOf(market);
  const call = { address: vaultAt, abi: vault, functionName: "requestWithdrawal", args: [tokenAt, amount] } as const;
  return mined(own, await own.wallet.writeContract(call));
}

/** Takes what has waited long enough. */
export async function completeWithdrawal(own: ChainWallet, market: Where): Promise<Hash> {
  const [vaultAt, tokenAt] = addressesOf(market);
  const args = [own.address, tokenAt] as const;
  const call = { address: vaultAt, abi: vault, functionName: "completeWithdrawal", args } as const;
  return mined(own, await own.wallet.writeContract(call));
}

/** Gives a wallet test dollars, and gas: a local chain does that for whoever asks, and no other. */
export async function makeTestMoney(own: ChainWallet, market: Where, amount: bigint): Promise<Hash> {
  const { wallet, address } = own;
  const [, tokenAt] = addressesOf(market);
  await wallet.request({ method: "anvil_setBalance", params: [address, `0x${GAS_WEI.toString(16)}`] } as never);
  const call = { address: tokenAt, abi: token, functionName: "mint", args: [address, amount] } as const;
  return mined(own, await wallet.writeContract(call));
}

async function mined({ reads }: ChainWallet, hash: Hash): Promise<Hash> {
  const receipt = await reads.waitForTransactionReceipt({ hash });
  if (receipt.status !== "success") throw new Error(`transaction ${hash} was reverted`);
  return hash;
}
