import {
  accessListing,
  accessOf,
  buyAccess,
  claimAgentVersion,
  giveSettledFeedback,
  listAccess,
  registerAgent,
  reputationSummary,
  tokenBalance,
  type WorkEvidence,
} from "@stoa/chain";
import { openSheet } from "@stoa/core";
import { decodeTyped, type Task } from "@stoa/protocol";
import { expect } from "vitest";
import { patientClient } from "../requester.ts";
import { DAY, DOLLAR, type Story } from "./open-story.ts";

const RATING = 90;
const ACCESS_PRICE = 10n * DOLLAR;

/** The creator's agent gets an identity on chain, and the requester rates it for a task that was paid, once. */
export async function rateTask(story: Story, task: Task): Promise<bigint> {
  const { booted, requester, creator } = story;
  const { chain, book } = booted.market;
  const { award } = task;
  if (!award) throw new Error(`${task.id} was never awarded`);
  const { agentId } = await registerAgent(creator.sender, { registry: book.identity, uri: "ipfs://agent" });
  await claimAgentVersion(creator.sender, {
    registry: book.identity,
    agentId,
    version: award.agentVersion,
    label: "1.0.0",
  });
  const rating = { value: RATING, capability: task.capability };
  const evidence = await evidenceOf(story, task);
  const give = () => giveSettledFeedback(requester.sender, { feedback: book.feedback, agentId, evidence, rating });
  await give();
  await expect(give()).rejects.toMatchObject({ details: { error: "AlreadyGiven" } });
  const settled = { registry: book.reputation, agentId, clients: [book.feedback] };
  expect(await reputationSummary(chain, settled)).toEqual({ count: 1n, mean: BigInt(RATING), decimals: 0 });
  return agentId;
}

/**
 * The requester buys access to the agent.
 * @returns what whoever serves it reads on chain: whether it has it
 */
export async function buyAndUseAccess({ booted, requester, creator }: Story, agentId: bigint): Promise<boolean> {
  const { chain, book } = booted.market;
  const agent = { sale: book.entitlements, agentId };
  const hasAccess = async () => (await accessOf(chain, { ...agent, account: requester.address })).hasAccess;
  const before = await tokenBalance(chain, book.token, requester.address);
  await listAccess(creator.sender, {
    ...agent,
    terms: {
      token: book.token,
      price: ACCESS_PRICE,
      durationSeconds: 30 * DAY,
      refundWindowSeconds: DAY,
      supplyCap: 10n,
      uri: "ipfs://access",
    },
  });
  const listing = await accessListing(chain, agent);
  if (!listing) throw new Error(`agent ${agentId} is not listed`);
  expect(await hasAccess()).toBe(false);
  await buyAccess(requester.sender, { ...agent, listing });
  expect(await tokenBalance(chain, book.token, requester.address)).toBe(before - ACCESS_PRICE);
  return hasAccess();
}

/** What shows who did a task, from the public record of its round. */
async function evidenceOf({ booted }: Story, task: Task): Promise<WorkEvidence> {
  const award = task.award!;
  const { record } = await patientClient(booted.market.url).rounds.record(award.roundId);
  const found = record.body.nodes.find(({ sheet }) => sheet?.sheet.node.toLowerCase() === award.node.toLowerCase());
  const proven = found?.sheet && openSheet(found.sheet.answers).prove(task.id);
  if (!found?.sheet || !proven) throw new Error(`the record of ${award.roundId} has no bid of ${award.node}`);
  const { agentVersion, ask, promisedSeconds } = proven.answer;
  return {
    order: decodeTyped("Order", task.order),
    award: decodeTyped("Award", award.terms),
    sheet: decodeTyped("BidSheet", found.sheet.sheet),
    sheetSignature: found.sheet.signature,
    bid: { agentVersion, ask: BigInt(ask), promisedSeconds },
    proof: proven.proof,
    settledBy: task.settlement!.txHash!,
  };
}
