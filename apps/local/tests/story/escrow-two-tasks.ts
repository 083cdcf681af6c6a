import {
  deliverResult,
  escrowAmountFor,
  escrowOf,
  type EscrowState,
  fundEscrow,
  refundEscrow,
  releaseEscrow,
  tokenBalance,
  withdrawFromEscrow,
} from "@stoa/chain";
import { type Address, hashJson } from "@stoa/protocol";
import { expect } from "vitest";
import { DAY, DOLLAR, type Person, type Story } from "./open-story.ts";

const PRICE = 20n * DOLLAR;

export const RESULT = hashJson("what was asked for");

/** One large task nobody objects to: released by a stranger once its window is over, and the provider is paid. */
export async function releaseByItself(story: Story): Promise<EscrowState | undefined> {
  const { booted, later, newcomer } = story;
  const { chain, book } = booted.market;
  const { escrow, token } = book;
  const [provider, stranger] = [await newcomer(0n), await newcomer(0n)];
  const escrowId = await fundTask(story, { provider, node: null });
  await deliverResult(provider.sender, { escrow, escrowId, resultHash: RESULT });
  await expect(releaseEscrow(stranger.sender, { escrow, escrowId })).rejects.toMatchObject({
    details: { error: "NotReleasable" },
  });
  await later(DAY);
  await releaseEscrow(stranger.sender, { escrow, escrowId });
  await withdrawFromEscrow(stranger.sender, { escrow, token, owner: provider.address });
  expect(await tokenBalance(chain, token, provider.address)).toBe(PRICE);
  return (await escrowOf(chain, escrow, escrowId))?.state;
}

/** One that nobody delivers: refunded once its time is over, whole. */
export async function refundAfterExpiry(story: Story): Promise<EscrowState | undefined> {
  const { booted, requester, later, newcomer } = story;
  const { chain, book } = booted.market;
  const { escrow, token } = book;
  const [provider, stranger] = [await newcomer(0n), await newcomer(0n)];
  const before = await tokenBalance(chain, token, requester.address);
  const escrowId = await fundTask(story, { provider, node: null });
  await expect(refundEscrow(stranger.sender, { escrow, escrowId })).rejects.toMatchObject({
    details: { error: "NotRefundable" },
  });
  await later(DAY + 1);
  await refundEscrow(stranger.sender, { escrow, escrowId });
  await withdrawFromEscrow(stranger.sender, { escrow, token, owner: requester.address });
  expect(await tokenBalance(chain, token, requester.address)).toBe(before);
  return (await escrowOf(chain, escrow, escrowId))?.state;
}

/** Sets the requester's money aside for a provider's work of a day. */
export async function fundTask(
  { booted, requester, now }: Story,
  { provider, node }: { provider: Person; node: Address | null },
): Promise<bigint> {
  const { chain, book } = booted.market;
  const { escrowId } = await fundEscrow(requester.sender, {
    escrow: book.escrow,
    terms: {
      requester: requester.address,
      provider: provider.address,
      node,
      token: book.token,
      amount: await escrowAmountFor(chain, book.escrow, PRICE),
      taskHash: hashJson("a large task"),
      deliverBy: ((await now()) + DAY) * 1_000,
      approvalWindow: DAY,
      verifier: null,
    },
  });
  return escrowId;
}
