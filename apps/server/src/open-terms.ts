import { type Chain, claimBatchesOf, nodesOf, tokenInfo, vaultParameters } from "@stoa/chain";
import type { MarketTerms } from "@stoa/market";
import { type Address, StoaError } from "@stoa/protocol";
import type { ServerConfig } from "./config.ts";

export interface OpenedTerms {
  terms: MarketTerms;
  /** The contract that holds the stakes behind the vault's awards. */
  nodesContract: Address;
  /** The contract whose batches of claims the vault pays. */
  claimBatches: Address;
  token: { address: Address; symbol: string; decimals: number };
}

/**
 * Reads the market's terms off its vault: what the contract enforces is never configured twice.
 * @throws {StoaError} `invalid_configuration` when the operator's key is not the vault's operator
 */
export async function openTerms(chain: Chain, config: ServerConfig, operator: Address): Promise<OpenedTerms> {
  const vault = await vaultParameters(chain, config.vault);
  if (vault.operator !== operator) {
    throw new StoaError(
      "invalid_configuration",
      `the vault's operator is ${vault.operator}, the key in ${config.operatorKeyFile} is ${operator}'s`,
    );
  }
  const token = await tokenInfo(chain, config.token);
  return {
    nodesContract: await nodesOf(chain, config.vault),
    claimBatches: await claimBatchesOf(chain, config.vault),
    token: { address: config.token, symbol: token.symbol, decimals: token.decimals },
    terms: {
      domain: { chainId: chain.chainId, vault: config.vault },
      token: config.token,
      feeBps: vault.feeBps,
      feeRecipient: vault.feeRecipient,
      faultPool: vault.faultPool,
      withdrawDelaySeconds: vault.withdrawDelay,
      challengeWindowSeconds: vault.challengeWindow,
      approvalWindowSeconds: config.approvalSeconds,
      roundWindowMs: config.roundWindowMs,
      openAuctions: config.openAuctions,
      minBond: config.minBond,
    },
  };
}
