import { channelsAbi, channelsBytecode, channelsRuntime } from "../../generated/channels.ts";
import { courtAbi, courtBytecode, courtRuntime } from "../../generated/court.ts";
import { escrowAbi, escrowBytecode, escrowRuntime } from "../../generated/escrow.ts";
import {
  nodeSignaturesVerifierAbi,
  nodeSignaturesVerifierBytecode,
  nodeSignaturesVerifierRuntime,
} from "../../generated/node-signatures-verifier.ts";
import {
  resultHashVerifierAbi,
  resultHashVerifierBytecode,
  resultHashVerifierRuntime,
} from "../../generated/result-hash-verifier.ts";
import { sealedAuctionAbi, sealedAuctionBytecode, sealedAuctionRuntime } from "../../generated/sealed-auction.ts";
import {
  validatorAnswerVerifierAbi,
  validatorAnswerVerifierBytecode,
  validatorAnswerVerifierRuntime,
} from "../../generated/validator-answer-verifier.ts";
import { contract, type SuiteContract, type World } from "./suite-contract.ts";

const DAY = 86_400;
/** What a ruling for the requester takes from the node's stake, in basis points of what is refunded. */
const DAMAGES_BPS = 1_000;

/** What governance begins with, and may change for disputes to come; amounts are of the settlement token. */
function courtRules({ given }: World) {
  const unit = 10n ** BigInt(given.tokenDecimals);
  return {
    seatStake: 20n * unit,
    feePerSeat: 2n * unit,
    bondPerSeat: 3n * unit,
    incoherenceBps: 5_000,
    firstSeats: 3,
    rounds: 2,
    responseWindow: DAY,
    evidenceWindow: 2 * DAY,
    acceptWindow: DAY,
    commitWindow: DAY,
    revealWindow: DAY,
    appealWindow: DAY,
    unstakeDelay: 7 * DAY,
  };
}

/** For good: no bond is ever more for a seat. */
function maxBondPerSeat({ given }: World): bigint {
  return 100n * 10n ** BigInt(given.tokenDecimals);
}

function escrowParameters({ at, given: { vault } }: World) {
  return {
    court: at.court,
    stakes: at.nodes,
    feeRecipient: vault.feeRecipient,
    feeBps: vault.feeBps,
    damagesBps: DAMAGES_BPS,
    minApprovalWindow: BigInt(vault.challengeWindow),
  };
}

/** Money that waits for a condition, who rules on it, and what pays without the market's own operator. */
export const escrowContracts: readonly SuiteContract[] = [
  contract({
    name: "court",
    abi: courtAbi,
    bytecode: courtBytecode,
    runtime: courtRuntime,
    args: (world) => [world.at.manager, world.at.token, maxBondPerSeat(world), courtRules(world)] as const,
    guards: { pause: "guardian", unpause: "parameters", setParameters: "parameters" },
    fixed: (world) => ({
      authority: world.at.manager,
      token: world.at.token,
      maxBondPerSeat: maxBondPerSeat(world),
    }),
    initial: (world) => ({ paused: false, parameters: courtRules(world) }),
  }),
  contract({
    name: "escrow",
    abi: escrowAbi,
    bytecode: escrowBytecode,
    runtime: escrowRuntime,
    args: (world) => [world.at.manager, escrowParameters(world)] as const,
    guards: { pause: "guardian", unpause: "parameters", setParameters: "parameters" },
    // What a ruling takes from a node's stake, it takes.
    holds: ["court"],
    fixed: ({ at }) => ({ authority: at.manager }),
    initial: (world) => ({ paused: false, parameters: escrowParameters(world) }),
  }),
  contract({
    name: "resultHashes",
    abi: resultHashVerifierAbi,
    bytecode: resultHashVerifierBytecode,
    runtime: resultHashVerifierRuntime,
  }),
  contract({
    name: "nodeSignatures",
    abi: nodeSignaturesVerifierAbi,
    bytecode: nodeSignaturesVerifierBytecode,
    runtime: nodeSignaturesVerifierRuntime,
  }),
  contract({
    name: "validatorAnswers",
    abi: validatorAnswerVerifierAbi,
    bytecode: validatorAnswerVerifierBytecode,
    runtime: validatorAnswerVerifierRuntime,
    args: ({ at }) => [at.validation] as const,
  }),
  contract({
    name: "channels",
    abi: channelsAbi,
    bytecode: channelsBytecode,
    runtime: channelsRuntime,
    args: ({ at }) => [at.manager] as const,
    guards: { pause: "guardian", unpause: "parameters" },
    fixed: ({ at }) => ({ authority: at.manager }),
    initial: () => ({ paused: false }),
  }),
  contract({
    name: "auctions",
    abi: sealedAuctionAbi,
    bytecode: sealedAuctionBytecode,
    runtime: sealedAuctionRuntime,
    args: ({ at, given: { vault } }) => [at.manager, at.escrow, vault.faultPool] as const,
    guards: { pause: "guardian", unpause: "parameters" },
    fixed: ({ at, given: { vault } }) => ({
      authority: at.manager,
      ESCROW: at.escrow,
      FAULT_POOL: vault.faultPool,
    }),
    initial: () => ({ paused: false }),
  }),
];
