import { answersRoot } from "@stoa/core";
import {
  type Hash,
  type PassReason,
  passAnswer,
  type RoundOpening,
  type SheetAnswer,
  type SigningDomain,
  signTyped,
} from "@stoa/protocol";
import type { LocalAccount } from "viem/accounts";

/** A provider's node, with both keys in the test's hand. */
export interface FixtureNode {
  key: LocalAccount;
  provider: LocalAccount;
  slots: number;
}

/** What a node says to a task: its cost in the token's smallest unit, or why it passes. */
export type Ask = bigint | PassReason;

interface SheetTerms {
  domain: SigningDomain;
  agentVersion: Hash;
  bond: bigint;
  slots?: number;
  /** Unix seconds; an hour after the opening when absent. */
  expiresAt?: bigint;
}

/** A provider's signed link of its node, good for a day. */
export async function signLink({ key, provider }: FixtureNode, domain: SigningDomain, now: number) {
  const link = { node: key.address, provider: provider.address, expiresAt: BigInt(Math.floor(now / 1_000) + 86_400) };
  return { link, signature: await signTyped(provider, domain, "NodeLink", link) };
}

/** A node's signed answers to every task of a round. */
export async function signSheet(
  round: { roundId: Hash; opening: RoundOpening },
  node: FixtureNode,
  ask: Ask | ((taskId: Hash) => Ask),
  terms: SheetTerms,
) {
  const answers = round.opening.tasks.map(({ orderHash }) =>
    answerOf(orderHash, typeof ask === "function" ? ask(orderHash) : ask, terms.agentVersion),
  );
  const sheet = {
    roundId: round.roundId,
    node: node.key.address,
    slots: terms.slots ?? node.slots,
    bond: terms.bond,
    answersRoot: answersRoot(answers),
    expiresAt: terms.expiresAt ?? BigInt(Math.floor(round.opening.openedAt / 1_000) + 3_600),
  };
  return {
    node: node.key.address,
    sheet,
    signature: await signTyped(node.key, terms.domain, "BidSheet", sheet),
    answers,
  };
}

function answerOf(orderHash: Hash, ask: Ask, agentVersion: Hash): SheetAnswer {
  return typeof ask === "bigint"
    ? { orderHash, agentVersion, ask: ask.toString(), promisedSeconds: 30, reason: 0 }
    : passAnswer(orderHash, ask);
}
