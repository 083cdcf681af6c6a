import { type ChainSender, connectChain } from "@stoa/chain";
import { type Address, parseAddress, StoaError } from "@stoa/protocol";
import type { PrivateKeyAccount } from "viem";
import type { OpenedMarket } from "./open-market.ts";
import { walletSender } from "./wallet-sender.ts";

/** The market's chain, with the wallet that sends to it. */
export interface OpenedChain {
  sender: ChainSender;
  wallet: PrivateKeyAccount;
  vault: Address;
  token: Address;
}

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
  return {
    sender: await walletSender(profile, chain, wallet),
    wallet,
    vault: parseAddress(info.vault),
    token: parseAddress(info.token.address),
  };
}
