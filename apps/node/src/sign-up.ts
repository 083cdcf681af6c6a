import type { SignedLink } from "@stoa/host";
import {
  type Address,
  type MarketInfo,
  type NodeId,
  parseAddress,
  parseAmount,
  signingAccount,
  StoaError,
} from "@stoa/protocol";
import type { Hex } from "viem";
import type { NodeConfig } from "./config.ts";
import { toCost } from "@stoa/core";
import type { Terms } from "./terms.ts";

/**
 * Puts together what a node needs to know and hold to work in a market.
 * @throws {StoaError} `invalid_configuration` when the link is not for this node's key, or the bond is under the market's least
 */
export function signUp(config: NodeConfig, market: MarketInfo, key: Hex, signed: SignedLink): Terms {
  const account = signingAccount(key);
  const linked: Address = parseAddress(signed.link.node, "the link's node");
  if (linked !== account.address) {
    throw new StoaError(
      "invalid_configuration",
      `${config.linkFile} links node ${linked}, this node's key is ${account.address}`,
    );
  }
  const { decimals } = market.token;
  const bond = config.bond === null ? BigInt(market.minBond) : parseAmount(config.bond, decimals);
  if (bond < BigInt(market.minBond)) {
    throw new StoaError(
      "invalid_configuration",
      `STOA_NODE_BOND is ${bond} units, the market asks at least ${market.minBond}`,
    );
  }
  return {
    domain: { chainId: market.chainId, vault: parseAddress(market.vault) },
    operator: parseAddress(market.operator),
    token: parseAddress(market.token.address),
    decimals,
    node: account.address as NodeId,
    provider: parseAddress(signed.link.provider),
    cost: toCost(config.cost, decimals),
    tellsCost: config.tellsCost,
    bond,
    signer: account,
  };
}
