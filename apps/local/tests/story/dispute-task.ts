import {
  advanceDispute,
  answerDispute,
  arbitratorOf,
  collectSeats,
  commitVote,
  courtBond,
  deliverResult,
  disputeOf,
  escrowBalance,
  escrowOf,
  evidenceOf,
  openDispute,
  revealVote,
  seatsOf,
  stakeInCourt,
  stakeOf,
  submitEvidence,
  tokenBalance,
  type Vote,
  voteCommitment,
  voteSalt,
  withdrawFromCourt,
  withdrawFromEscrow,
} from "@stoa/chain";
import { hashJson } from "@stoa/protocol";
import { expect } from "vitest";
import { fundTask, RESULT } from "./escrow-two-tasks.ts";
import { DOLLAR, type Person, type Story } from "./open-story.ts";

const SEATS_STAKED = 40n * DOLLAR;
const BPS = 10_000n;
/** A draw waits for the hash of a block that nobody knows when it is asked for. */
const DRAW_BLOCKS = 8;

const exhibit = (name: string) => ({ uri: `https://evidence.example/${name}`, contentHash: hashJson(name) });

/**
 * A task whose result is not what was asked for. Both sides show evidence, a panel drawn by stake votes unseen and rules
 * for the requester: its money and its bond come back, the node that answers for the work is slashed.
 */
export async function disputeTask(story: Story): Promise<void> {
  const { booted, requester, provider } = story;
  const { chain, book, nodes } = booted.market;
  const { escrow, court, token } = book;
  const node = nodes[0]!.address;
  const stakeBefore = await stakeOf(chain, book.nodes, { provider: provider.address, node, token });
  const walletBefore = await tokenBalance(chain, token, requester.address);
  await seatArbitrators(story);
  const escrowId = await fundTask(story, { provider, node });
  await deliverResult(provider.sender, { escrow, escrowId, resultHash: RESULT });
  const disputeId = await argue(story, escrowId);
  const voters = await vote(story, disputeId);
  await takeStep(story, disputeId);
  expect(await disputeOf(chain, court, disputeId)).toMatchObject({
    phase: "closed",
    winner: "opener",
    executed: true,
  });

  const { amount } = (await escrowOf(chain, escrow, escrowId))!.terms;
  const { damagesBps, state } = (await escrowOf(chain, escrow, escrowId))!;
  const damages = (amount * BigInt(damagesBps)) / BPS;
  const { staked } = await stakeOf(chain, book.nodes, { provider: provider.address, node, token });
  expect(state).toBe("ruled");
  expect(damages).toBeGreaterThan(0n);
  expect(staked, "the node answers with its stake").toBe(stakeBefore.staked - damages);
  expect(await escrowBalance(chain, escrow, requester.address, token)).toBe(amount);
  await withdrawFromEscrow(requester.sender, { escrow, token });
  await withdrawFromCourt(requester.sender, { court });
  // The loser's bond pays the panel's fees; what is left of it is the winner's, like its own bond.
  const bond = (await courtBond(chain, court, { disputeId, round: 0 })).amount;
  const fees = await collectFees(story, disputeId, voters);
  const walletAfter = await tokenBalance(chain, token, requester.address);
  expect(walletAfter - walletBefore).toBe(damages + bond - fees);
}

/** All of them have what they can be drawn by, whatever an earlier panel left. */
async function seatArbitrators({ booted, arbitrators }: Story): Promise<void> {
  const { chain, book } = booted.market;
  for (const { address, sender } of arbitrators) {
    const { staked } = await arbitratorOf(chain, book.court, address);
    if (staked === 0n) await stakeInCourt(sender, { court: book.court, token: book.token, amount: SEATS_STAKED });
  }
}

async function argue(story: Story, escrowId: bigint): Promise<bigint> {
  const { booted, requester, provider } = story;
  const { chain, book } = booted.market;
  const { court, escrow } = book;
  const { disputeId } = await openDispute(requester.sender, {
    court,
    subject: escrow,
    subjectId: escrowId,
    respondentBps: 0,
    evidence: exhibit("complaint"),
  });
  await answerDispute(provider.sender, { court, disputeId, respondentBps: 10_000, evidence: exhibit("defence") });
  await submitEvidence(requester.sender, { court, disputeId, ...exhibit("log") });
  expect((await evidenceOf(chain, court, disputeId)).map(({ by, contentHash }) => ({ by, contentHash }))).toEqual([
    { by: requester.address, contentHash: exhibit("complaint").contentHash },
    { by: provider.address, contentHash: exhibit("defence").contentHash },
    { by: requester.address, contentHash: exhibit("log").contentHash },
  ]);
  expect((await escrowOf(chain, escrow, escrowId))?.state).toBe("held");
  return disputeId;
}

/** A panel is drawn, and all of it votes for the requester. */
async function vote(story: Story, disputeId: bigint): Promise<Person[]> {
  const { booted, arbitrators } = story;
  const { chain, book } = booted.market;
  const { court } = book;
  await takeStep(story, disputeId);
  await takeStep(story, disputeId);
  expect(await disputeOf(chain, court, disputeId)).toMatchObject({ phase: "accepting", filled: 3 });
  const seats = await Promise.all(
    arbitrators.map(({ address }) => seatsOf(chain, court, { disputeId, round: 0, arbitrator: address })),
  );
  const voters = arbitrators.filter((_, i) => seats[i]!.count > 0);
  const votes = voters.map(({ address }): Vote => ({
    disputeId,
    round: 0,
    voter: address,
    choice: "opener",
    salt: voteSalt(),
  }));
  for (const [i, { sender }] of voters.entries()) {
    await commitVote(sender, { court, disputeId, commitment: voteCommitment(votes[i]!) });
  }
  await takeStep(story, disputeId);
  await takeStep(story, disputeId);
  for (const [i, { sender }] of voters.entries()) await revealVote(sender, { court, ...votes[i]! });
  await takeStep(story, disputeId);
  return voters;
}

/** Lets a phase pass, and takes the step that is due then, as anybody may. */
async function takeStep({ booted, weather, later, now, arbitrators }: Story, disputeId: bigint): Promise<void> {
  const { chain, book } = booted.market;
  const { phaseEndsAt } = await disputeOf(chain, book.court, disputeId);
  if (phaseEndsAt === null) await weather.mine(DRAW_BLOCKS);
  else await later(Math.max(0, phaseEndsAt / 1_000 - (await now())));
  await advanceDispute(arbitrators[0]!.sender, { court: book.court, disputeId });
}

/** @returns what the panel earned */
async function collectFees({ booted }: Story, disputeId: bigint, voters: readonly Person[]): Promise<bigint> {
  const { chain, book } = booted.market;
  const { court } = book;
  let fees = 0n;
  for (const { address, sender } of voters) {
    const before = await arbitratorOf(chain, court, address);
    await collectSeats(sender, { court, disputeId, round: 0 });
    fees += (await arbitratorOf(chain, court, address)).balance - before.balance;
  }
  return fees;
}
