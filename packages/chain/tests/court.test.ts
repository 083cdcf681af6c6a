import { afterAll, beforeAll, expect, it } from "vitest";
import {
  answerDispute,
  appealDispute,
  arbitratorOf,
  type ChainSender,
  type Choice,
  collectSeats,
  commitVote,
  completeUnstakeFromCourt,
  concedeDispute,
  courtBond,
  declineCase,
  disputeOf,
  escrowBalance,
  escrowOf,
  evidenceOf,
  executeRuling,
  lapseEscrow,
  matchAppeal,
  openDispute,
  requestUnstakeFromCourt,
  revealVote,
  seatsOf,
  submitEvidence,
  tokenBalance,
  type Vote,
  voteCommitment,
  voteSalt,
  withdrawFromCourt,
} from "@stoa/chain";
import { hashJson } from "@stoa/protocol";
import { courtAbi } from "../src/generated/court.ts";
import { arbitrators, type CourtChain, delivered, DOLLAR, nodeStake, startCourtChain, step } from "./court-setup.ts";

let chain: CourtChain;
let panel: ChainSender[];
beforeAll(async () => {
  chain = await startCourtChain();
  panel = await arbitrators(chain, 6);
}, 60_000);
afterAll(() => chain[Symbol.asyncDispose]());

const statusOf = (disputeId: bigint) => disputeOf(chain.world.chain, chain.court, disputeId);
const exhibit = (name: string) => ({ uri: `https://evidence.example/${name}`, contentHash: hashJson(name) });

async function open(share = 0) {
  const parties = await delivered(chain);
  const { disputeId } = await openDispute(parties.requester, {
    court: chain.court,
    subject: chain.escrow,
    subjectId: parties.escrowId,
    respondentBps: share,
    evidence: exhibit("complaint"),
  });
  return { ...parties, disputeId };
}

async function answered() {
  const opened = await open();
  await answerDispute(opened.provider, {
    court: chain.court,
    disputeId: opened.disputeId,
    respondentBps: 10_000,
    evidence: exhibit("defence"),
  });
  return opened;
}

async function members(disputeId: bigint): Promise<ChainSender[]> {
  const { round } = await statusOf(disputeId);
  const seats = await Promise.all(
    panel.map(({ address }) => seatsOf(chain.world.chain, chain.court, { disputeId, round, arbitrator: address })),
  );
  return panel.filter((_, i) => seats[i]!.count > 0);
}

/** The whole panel commits, reveals and decides; it need not wait when nobody is missing. */
async function vote(disputeId: bigint, choice: Choice): Promise<void> {
  const { court, world } = chain;
  const { round } = await statusOf(disputeId);
  const voters = await members(disputeId);
  const votes = voters.map((voter): Vote => ({ disputeId, round, voter: voter.address, choice, salt: voteSalt() }));
  for (const [i, voter] of voters.entries()) {
    await commitVote(voter, { court, disputeId, commitment: voteCommitment(votes[i]!) });
  }
  await step(chain, disputeId);
  await step(chain, disputeId);
  for (const [i, voter] of voters.entries()) await revealVote(voter, { court, ...votes[i]! });
  await step(chain, disputeId);
  expect(await statusOf(disputeId)).toMatchObject({ verdict: choice });
  expect(await seatsOf(world.chain, court, { disputeId, round, arbitrator: voters[0]!.address })).toMatchObject({
    committed: true,
    choice,
  });
}

it("rules for the requester: the money comes back, the stake is slashed, the bond is returned", async () => {
  const { court, escrow, token, world } = chain;
  const { requester, provider, escrowId, disputeId } = await answered();
  expect((await escrowOf(world.chain, escrow, escrowId))?.state).toBe("held");
  await submitEvidence(requester, { court, disputeId, ...exhibit("log") });
  expect(await evidenceOf(world.chain, court, disputeId)).toMatchObject([
    { by: requester.address, contentHash: exhibit("complaint").contentHash },
    { by: provider.address, contentHash: exhibit("defence").contentHash },
    { by: requester.address, contentHash: exhibit("log").contentHash },
  ]);
  await step(chain, disputeId);
  expect(await statusOf(disputeId)).toMatchObject({ phase: "drawing", phaseEndsAt: null, winner: null });
  await step(chain, disputeId);
  expect(await statusOf(disputeId)).toMatchObject({ phase: "accepting", seats: 3, filled: 3 });
  await vote(disputeId, "opener");
  const wallet = await tokenBalance(world.chain, token, requester.address);
  await step(chain, disputeId);
  expect(await statusOf(disputeId)).toMatchObject({ phase: "closed", winner: "opener", executed: true });

  expect((await escrowOf(world.chain, escrow, escrowId))?.state).toBe("ruled");
  expect(await escrowBalance(world.chain, escrow, requester.address, token)).toBe(102n * DOLLAR);
  expect(await escrowBalance(world.chain, escrow, provider.address, token)).toBe(0n);
  // A tenth of what is refunded, from the node's stake to the requester's wallet.
  expect(await nodeStake(chain, provider.address)).toBe(50n * DOLLAR - 10_200_000n);
  expect(await tokenBalance(world.chain, token, requester.address)).toBe(wallet + 10_200_000n);
  // Its bond of nine dollars, and what three fees of two leave of the loser's.
  expect((await arbitratorOf(world.chain, court, requester.address)).balance).toBe(12n * DOLLAR);
  await withdrawFromCourt(requester, { court });
  for (const voter of await members(disputeId)) {
    const { count } = await seatsOf(world.chain, court, { disputeId, round: 0, arbitrator: voter.address });
    const before = await arbitratorOf(world.chain, court, voter.address);
    await collectSeats(voter, { court, disputeId, round: 0 });
    const after = await arbitratorOf(world.chain, court, voter.address);
    expect(after.balance - before.balance).toBe(BigInt(count) * 2n * DOLLAR);
    expect(after.staked - before.staked).toBe(BigInt(count) * 20n * DOLLAR);
  }
  await expect(executeRuling(world.sender, { court, disputeId })).rejects.toMatchObject({
    details: { error: "AlreadyExecuted" },
  });
});

it("lets the loser appeal to a larger panel, and pays by what that one says", async () => {
  const { court, escrow, token, world } = chain;
  const { requester, provider, disputeId } = await answered();
  await step(chain, disputeId);
  await step(chain, disputeId);
  await vote(disputeId, "opener");
  await appealDispute(provider, { court, disputeId });
  expect(await courtBond(world.chain, court, { disputeId, round: 1 })).toEqual({ token, amount: 21n * DOLLAR });
  await matchAppeal(requester, { court, disputeId });
  await step(chain, disputeId);
  await step(chain, disputeId);
  expect(await statusOf(disputeId)).toMatchObject({ round: 1, seats: 7, filled: 7 });
  await vote(disputeId, "respondent");
  expect(await statusOf(disputeId)).toMatchObject({ phase: "closed", winner: "respondent" });
  expect(await escrowBalance(world.chain, escrow, provider.address, token)).toBe(100n * DOLLAR);
  expect(await nodeStake(chain, provider.address)).toBe(50n * DOLLAR);
  for (const round of [0, 1]) {
    for (const { address: arbitrator } of panel) {
      const { count } = await seatsOf(world.chain, court, { disputeId, round, arbitrator });
      if (count > 0) await collectSeats(world.sender, { court, disputeId, round, arbitrator });
    }
  }
});

it("ends by a concession, or by silence, without a panel", async () => {
  const { court, escrow, token, world } = chain;
  const conceded = await open();
  await concedeDispute(conceded.requester, { court, disputeId: conceded.disputeId });
  expect(await escrowBalance(world.chain, escrow, conceded.provider.address, token)).toBe(100n * DOLLAR);
  const silent = await open(5_000);
  await step(chain, silent.disputeId);
  expect(await statusOf(silent.disputeId)).toMatchObject({ phase: "closed", winner: "opener" });
  expect(await escrowBalance(world.chain, escrow, silent.provider.address, token)).toBe(50n * DOLLAR);
});

it("lets an arbitrator decline a case, and leave", async () => {
  const { court, token, world } = chain;
  const { disputeId } = await answered();
  await step(chain, disputeId);
  await step(chain, disputeId);
  const [drawn] = await members(disputeId);
  await declineCase(drawn!, { court, disputeId });
  expect((await statusOf(disputeId)).filled).toBeLessThan(3);
  const { staked } = await arbitratorOf(world.chain, court, drawn!.address);
  await requestUnstakeFromCourt(drawn!, { court, amount: staked });
  const wallet = await tokenBalance(world.chain, token, drawn!.address);
  await chain.later(86_400);
  await completeUnstakeFromCourt(world.sender, { court, arbitrator: drawn!.address });
  expect(await tokenBalance(world.chain, token, drawn!.address)).toBe(wallet + staked);
});

it("does not keep the money of an escrow it never rules on", async () => {
  const { escrow, token, world } = chain;
  const { provider, escrowId } = await open();
  await expect(lapseEscrow(world.sender, { escrow, escrowId })).rejects.toMatchObject({
    details: { error: "RulingStillOpen" },
  });
  await chain.later(180 * 86_400);
  await lapseEscrow(world.sender, { escrow, escrowId });
  expect(await escrowBalance(world.chain, escrow, provider.address, token)).toBe(50n * DOLLAR);
});

it("commits to a vote as the court reads it", async () => {
  const cast: Vote = { disputeId: 3n, round: 1, voter: chain.escrow, choice: "respondent", salt: voteSalt() };
  const onChain = await chain.world.chain.client.readContract({
    address: chain.court,
    abi: courtAbi,
    functionName: "commitmentOf",
    args: [cast.disputeId, 1n, cast.voter, 2, cast.salt],
  });
  expect(voteCommitment(cast)).toBe(onChain);
});
