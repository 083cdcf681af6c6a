import { randomBytes } from "node:crypto";
import {
  awardWinner,
  closeSealedAuction,
  commitBid,
  deliverResult,
  dueTo,
  escrowOf,
  type EscrowState,
  openSealedAuction,
  releaseEscrow,
  revealBid,
  type SealedOffer,
  tokenBalance,
  withdrawDue,
  withdrawFromEscrow,
} from "@stoa/chain";
import { hashJson } from "@stoa/protocol";
import { expect } from "vitest";
import { zeroAddress } from "viem";
import { RESULT } from "./escrow-two-tasks.ts";
import { DAY, DOLLAR, type Person, type Story } from "./open-story.ts";

const [COMMIT, REVEAL] = [3_600, 7_200];
const RESERVE = 10n * DOLLAR;
const DEPOSIT = 2n * DOLLAR;

interface Bidder {
  person: Person;
  offer: SealedOffer;
}

/**
 * Three bid unseen for a task and one of them never reveals: it forfeits its deposit, the cheapest of the others works
 * for what the second asked, and is paid from the escrow that the auction funds.
 */
export async function auctionTask(story: Story): Promise<EscrowState | undefined> {
  const { booted, requester, later } = story;
  const { chain, book } = booted.market;
  const { auctions, escrow, token } = book;
  const bidders = [await bidder(story, 3n), await bidder(story, 5n), await bidder(story, 4n)] as const;
  const [cheap, dear, silent] = bidders;
  const dueBefore = await dueTo(chain, auctions, { owner: requester.address, token });
  const auctionId = await openSealedAuction(requester.sender, auctions, await termsOf(story));
  for (const { person, offer } of bidders) await commitBid(person.sender, auctions, { auctionId, offer });
  await later(COMMIT);
  for (const { person, offer } of [cheap, dear]) await revealBid(person.sender, auctions, { auctionId, offer });
  await later(REVEAL);
  await expect(revealBid(silent.person.sender, auctions, { auctionId, offer: silent.offer })).rejects.toMatchObject({
    details: { error: "NotRevealing" },
  });
  expect(await closeSealedAuction(dear.person.sender, auctions, auctionId)).toMatchObject({
    winners: [{ bidder: cheap.person.address, tasks: 1, payment: dear.offer.ask }],
    refund: RESERVE - dear.offer.ask,
    slashed: DEPOSIT,
  });
  expect(await dueTo(chain, auctions, { owner: silent.person.address, token })).toBe(0n);
  expect((await dueTo(chain, auctions, { owner: requester.address, token })) - dueBefore).toBe(
    RESERVE - dear.offer.ask,
  );
  const escrowId = await awardWinner(dear.person.sender, auctions, { auctionId, bidder: cheap.person.address });
  expect(await escrowOf(chain, escrow, escrowId)).toMatchObject({
    state: "funded",
    terms: { requester: requester.address, provider: cheap.person.address, amount: dear.offer.ask },
  });
  await deliverResult(cheap.person.sender, { escrow, escrowId, resultHash: RESULT });
  await releaseEscrow(requester.sender, { escrow, escrowId });
  await withdrawFromEscrow(cheap.person.sender, { escrow, token });
  await withdrawDue(cheap.person.sender, { contract: auctions, token });
  // The escrow's fee is in what it was funded with.
  const { feeBps, state } = (await escrowOf(chain, escrow, escrowId))!;
  const earned = (dear.offer.ask * 10_000n + BigInt(10_000 + feeBps) - 1n) / BigInt(10_000 + feeBps);
  expect(await tokenBalance(chain, token, cheap.person.address)).toBe(10n * DOLLAR + earned);
  return state;
}

async function bidder({ newcomer }: Story, dollars: bigint): Promise<Bidder> {
  const salt = `0x${randomBytes(32).toString("hex")}` as const;
  return { person: await newcomer(10n), offer: { ask: dollars * DOLLAR, slots: 1, node: zeroAddress, salt } };
}

async function termsOf({ booted, now }: Story) {
  return {
    capability: "text.summarize",
    taskHash: hashJson(`a task for bidders at ${await now()}`),
    token: booted.market.book.token,
    tasks: 1,
    reserve: RESERVE,
    deposit: DEPOSIT,
    commitSeconds: COMMIT,
    revealSeconds: REVEAL,
    deliverSeconds: DAY,
    approvalSeconds: DAY,
    verifier: zeroAddress,
    condition: "0x",
  } as const;
}
