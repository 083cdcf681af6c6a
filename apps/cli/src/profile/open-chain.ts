import { join } from "node:path";
import { type ChainSender, connectChain, createSender, fileJournal } from "@stoa/chain";
import { type FolderLock, lockFolder } from "@stoa/host";
import { type Address, parseAddress, StoaError } from "@stoa/protocol";
import type { LocalAccount } from "viem";
import type { OpenedMarket } from "./open-market.ts";

/** The market's chain, with the wallet that sends to it. */
export interface OpenedChain {
  sender: ChainSender;
  wallet: LocalAccount;
  vault: Address;
  token: Address;
}

/** Held until the process ends: what one command sends, another does not send at the same time. */
const locks = new Map<string, Promise<FolderLock>>();

/**
 * Connects the wallet to the market's chain.
 * @throws {StoaError} `invalid_configuration` when nobody says where the chain is, or it is another one; `chain_unavailable`
 */
export async function openChain(market: OpenedMarket): Promise<OpenedChain> {
  const { info, profile } = market;
  const rpcUrl = profile.rpcUrl ?? info.rpcUrl;
  if (rpcUrl === undefined) {
    throw new StoaError(
      "invalid_configuration",
      `the market publishes no JSON-RPC address of chain ${info.chainId}: set STOA_RPC_URL`,
    );
  }
  const [chain, wallet] = await Promise.all([connectChain({ rpcUrl, expectedChainId: info.chainId }), market.wallet()]);
  const folder = join(profile.home, "sent", `${chain.chainId}-${wallet.address}`);
  const journal = fileJournal(join(folder, "sent.json"), () => {
    const lock = locks.get(folder) ?? lockFolder(folder);
    locks.set(folder, lock);
    lock.catch(() => locks.delete(folder));
    return lock;
  });
  return {
    sender: createSender(chain, wallet, { journal }),
    wallet,
    vault: parseAddress(info.vault),
    token: parseAddress(info.token.address),
  };
}
