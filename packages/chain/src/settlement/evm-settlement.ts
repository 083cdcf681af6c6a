import type { Address } from "@stoa/protocol";
import { anchoredHead } from "../anchors/anchored-head.ts";
import { anchorRounds, anchorSubject } from "../anchors/anchor-rounds.ts";
import type { ChainSender } from "../client/chain-sender.ts";
import { slash } from "../nodes/slash.ts";
import { submitClaims } from "../vault/submit-claims.ts";
import type { Submission } from "../vault/submit-items.ts";
import { submitSettlements } from "../vault/submit-settlements.ts";
import { claimBatchesSource } from "../watch/claim-batches-source.ts";
import { nodesSource } from "../watch/nodes-source.ts";
import { vaultSource } from "../watch/vault-source.ts";
import { evmFacts } from "./evm-facts.ts";
import type { Settlement, SettlementAnchors, Submitted } from "./settlement.ts";

/** A market's contracts as its settlement uses them. */
export interface SettlementContracts {
  vault: Address;
  /** Holds the stakes behind the vault's awards. */
  nodes: Address;
  /** Takes the batches of claims that the vault pays. */
  claimBatches: Address;
  /** Takes the anchors of rounds; null when they are not anchored. */
  anchors: Address | null;
  /** The block the first of them was deployed in. */
  fromBlock: number;
}

/** The contracts' words for a claim that its block's time has not reached. */
const EARLY: readonly (string | null)[] = ["NotPayable", "BatchNotPayable"];

/**
 * Settles a market on an EVM chain.
 * @param sender of the vault's operator
 */
export function evmSettlement(sender: ChainSender, contracts: SettlementContracts): Settlement {
  const { vault, nodes, claimBatches, anchors, fromBlock } = contracts;
  const sources = [
    vaultSource(vault, fromBlock),
    nodesSource(nodes, fromBlock),
    claimBatchesSource(claimBatches, vault, fromBlock),
  ];
  return {
    operator: sender.address,
    facts: evmFacts(sender.chain, sources),
    anchors: anchors && evmAnchors(sender, { contract: anchors, vault }),
    settle: async (items) => toSubmitted(await submitSettlements(sender, vault, items)),
    claim: async (items) => toSubmitted(await submitClaims(sender, vault, items)),
    takeDamages: (damages) => slash(sender, nodes, damages),
    wait: async (txHash, options) => void (await sender.wait(txHash, options)),
    tend: (options) => sender.tend(options),
  };
}

function toSubmitted({ refused, ...rest }: Submission): Submitted {
  return {
    ...rest,
    refused: refused.map(({ orderHash, reason, error }) => ({ orderHash, reason, isEarly: EARLY.includes(error) })),
  };
}

function evmAnchors(sender: ChainSender, at: { contract: Address; vault: Address }): SettlementAnchors {
  const { contract, vault } = at;
  return {
    standing: (capability) =>
      anchoredHead(sender.chain, contract, { operator: sender.address, vault, segment: capability }),
    async inFlight(capabilities) {
      const underWay = await sender.inFlight();
      return new Set(capabilities.filter((segment) => underWay.has(anchorSubject({ vault, segment }))));
    },
    anchor: (anchors) =>
      anchorRounds(
        sender,
        contract,
        anchors.map(({ capability, ...anchor }) => ({ ...anchor, vault, segment: capability })),
      ),
  };
}
