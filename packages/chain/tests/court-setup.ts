import { encodeDeployData, encodeFunctionData, type Hex } from "viem";
import {
  advanceDispute,
  awaitTransaction,
  type ChainSender,
  deliverResult,
  disputeOf,
  fundEscrow,
  type EscrowTerms,
  mintTestDollars,
  stakeInCourt,
} from "@stoa/chain";
import { type Address, type Hash, hashJson } from "@stoa/protocol";
import { callAnvil, type MarketChain, startMarketChain } from "@stoa/testkit";
import { courtAbi, courtBytecode } from "../src/generated/court.ts";
import { escrowAbi, escrowBytecode } from "../src/generated/escrow.ts";
import { approve } from "../src/token/approve.ts";
import { ruledStakesHarnessAbi, ruledStakesHarnessBytecode } from "./generated/ruled-stakes-harness.ts";

export const DOLLAR = 1_000_000n;
export const TASK = hashJson("task");
export const RESULT = hashJson("result");
export const NODE: Address = "0x00000000000000000000000000000000000040De";
const DAY = 86_400;

/** A chain with escrows and their court, whose stakes, bonds and prices are all in test dollars. */
export interface CourtChain extends AsyncDisposable {
  world: MarketChain;
  escrow: Address;
  court: Address;
  stakes: Address;
  token: Address;
  /** Deploys a further contract. */
  deploy(data: Hex): Promise<Address>;
  /** Lets time pass. */
  later(seconds: number): Promise<void>;
  /** Lets blocks pass. */
  mine(blocks: number): Promise<void>;
}

export async function startCourtChain(): Promise<CourtChain> {
  const world = await startMarketChain();
  const { chain, sender, market, anvil } = world;
  const deploy = async (data: Hex) => {
    const txHash = await sender.send({ doing: "deploying", data });
    return (await awaitTransaction(chain, txHash)).contractAddress as Address;
  };
  const authority = world.operator.address;
  const rules = {
    seatStake: 20n * DOLLAR,
    feePerSeat: 2n * DOLLAR,
    bondPerSeat: 3n * DOLLAR,
    incoherenceBps: 5_000,
    firstSeats: 3,
    rounds: 2,
    responseWindow: DAY,
    evidenceWindow: DAY,
    acceptWindow: DAY,
    commitWindow: DAY,
    revealWindow: DAY,
    appealWindow: DAY,
    unstakeDelay: DAY,
  };
  const args = [authority, market.token, 100n * DOLLAR, rules] as const;
  const court = await deploy(encodeDeployData({ abi: courtAbi, bytecode: courtBytecode, args }));
  const stakes = await deploy(encodeDeployData({ abi: ruledStakesHarnessAbi, bytecode: ruledStakesHarnessBytecode }));
  const parameters = {
    court,
    stakes,
    feeRecipient: world.feeRecipient,
    feeBps: 200,
    damagesBps: 1_000,
    minApprovalWindow: 3_600n,
  };
  const escrow = await deploy(
    encodeDeployData({ abi: escrowAbi, bytecode: escrowBytecode, args: [authority, parameters] }),
  );
  const data = encodeFunctionData({ abi: ruledStakesHarnessAbi, functionName: "setRuler", args: [escrow] });
  await awaitTransaction(chain, await sender.send({ doing: "naming the ruler", to: stakes, data }));
  return {
    world,
    escrow,
    court,
    stakes,
    token: market.token,
    deploy,
    async later(seconds) {
      await callAnvil(anvil, "evm_increaseTime", [seconds]);
      await callAnvil(anvil, "evm_mine");
    },
    mine: async (blocks) => void (await callAnvil(anvil, "anvil_mine", [blocks])),
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

/** Funds an escrow of 102 dollars, which pays 100, by the sender. */
export async function fund(
  { world, escrow, token }: CourtChain,
  requester: ChainSender,
  given: Pick<EscrowTerms, "provider"> & Partial<EscrowTerms>,
): Promise<bigint> {
  const { timestamp } = await world.chain.client.getBlock();
  const { escrowId } = await fundEscrow(requester, {
    escrow,
    terms: {
      requester: requester.address,
      node: NODE,
      token,
      amount: 102n * DOLLAR,
      taskHash: TASK,
      deliverBy: (Number(timestamp) + DAY) * 1_000,
      approvalWindow: DAY,
      verifier: null,
      ...given,
    },
  });
  return escrowId;
}

/** An escrow between two fresh accounts, delivered, with 50 dollars of the provider's at stake. */
export async function delivered(chain: CourtChain) {
  const [requester, provider] = await Promise.all([chain.world.fundedAccount(500n), chain.world.fundedAccount(500n)]);
  await stakeForNode(chain, provider.sender, 50n * DOLLAR);
  const escrowId = await fund(chain, requester.sender, { provider: provider.sender.address });
  await deliverResult(provider.sender, { escrow: chain.escrow, escrowId, resultHash: RESULT });
  return { requester: requester.sender, provider: provider.sender, escrowId };
}

async function stakeForNode({ stakes, token }: CourtChain, provider: ChainSender, amount: bigint): Promise<void> {
  await approve(provider, { token, spender: stakes, amount });
  const data = encodeFunctionData({
    abi: ruledStakesHarnessAbi,
    functionName: "stake",
    args: [NODE, token, amount],
  });
  await awaitTransaction(provider.chain, await provider.send({ doing: "staking for the node", to: stakes, data }));
}

/** What a provider has at stake for the node. */
export async function nodeStake({ world, stakes, token }: CourtChain, provider: Address): Promise<bigint> {
  const args = [provider, NODE, token] as const;
  return world.chain.client.readContract({
    address: stakes,
    abi: ruledStakesHarnessAbi,
    functionName: "stakeOf",
    args,
  });
}

/** As many fresh arbitrators, each good for two seats. */
export async function arbitrators({ world, court, token }: CourtChain, count: number): Promise<ChainSender[]> {
  const made: ChainSender[] = [];
  for (let i = 0; i < count; i += 1) {
    const { sender } = await world.fundedAccount(0n);
    await mintTestDollars(world.sender, { token, to: sender.address, amount: 40n * DOLLAR });
    await stakeInCourt(sender, { court, token, amount: 40n * DOLLAR });
    made.push(sender);
  }
  return made;
}

/** Waits for the end of a dispute's phase and takes the step that is due then, as a stranger. */
export async function step({ world, court, later, mine }: CourtChain, disputeId: bigint): Promise<Hash> {
  const { phase } = await disputeOf(world.chain, court, disputeId);
  await (phase === "drawing" ? mine(5) : later(DAY));
  return advanceDispute(world.sender, { court, disputeId });
}
