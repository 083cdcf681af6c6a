import { connectMarket } from "@stoa/network";
import {
  BID_REASON,
  encodeTyped,
  type Hash,
  type MarketMessages,
  type NodeMessages,
  type SheetAnswer,
  type SigningDomain,
} from "@stoa/protocol";
import type { Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { type Ask, signLink, signSheet } from "./sign-sheet.ts";

type Round = MarketMessages["round.opened"];

export interface SimulatedNodePlan {
  /** The node's own key and its provider's. */
  keys: { node: Hex; provider: Hex };
  addresses: readonly string[];
  outboxFolder: string;
  domain: SigningDomain;
  agentVersion: Hash;
  slots: number;
  bond: bigint;
  /** What it says to a task of a round, when it does: a promise holds the sheet back, null keeps it silent. */
  answer(round: Round): Ask | null | Promise<Ask | null>;
  /** What it told beside its sheet. */
  costs?: bigint;
  /** What it says to a quote; silent when absent. */
  quote?(asked: MarketMessages["quote.asked"]): Omit<NodeMessages["quote.answered"], "type" | "quoteId">;
}

/**
 * A node without agents that speaks over the real stream and really signs: it answers rounds and quotes as it is told.
 */
export async function startSimulatedNode(plan: SimulatedNodePlan): Promise<AsyncDisposable> {
  const { domain, agentVersion, slots } = plan;
  const key = privateKeyToAccount(plan.keys.node);
  const node = { key, provider: privateKeyToAccount(plan.keys.provider), slots };
  const { link, signature } = await signLink(node, domain, Date.now());
  const online = Promise.withResolvers<void>();

  async function bid(round: Round): Promise<void> {
    const ask = await plan.answer(round);
    if (ask === null) return;
    const signed = await signSheet(round, node, ask, { domain, agentVersion, bond: plan.bond });
    await market.send({
      type: "sheet",
      sheet: encodeTyped("BidSheet", signed.sheet),
      signature: signed.signature,
      answers: signed.answers,
      ...(plan.costs !== undefined && { costs: costsOf(signed.answers, plan.costs) }),
    });
  }

  const market = await connectMarket({
    privateKey: plan.keys.node,
    addresses: () => plan.addresses,
    hello: () => ({
      link: encodeTyped("NodeLink", link),
      linkSignature: signature,
      name: "simulated",
      slots,
      agents: [agentVersion],
    }),
    heartbeat: () => ({ freeSlots: slots, running: [] }),
    outboxFolder: plan.outboxFolder,
    async onMessage(message) {
      if (message.type === "round.opened") await bid(message);
      if (message.type === "quote.asked" && plan.quote)
        await market.send({ type: "quote.answered", quoteId: message.quoteId, ...plan.quote(message) });
    },
    onState: (state) => state.status === "online" && online.resolve(),
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: (details, text) => console.error(text, details) },
  });
  await online.promise;
  return market;
}

function costsOf(answers: readonly SheetAnswer[], cost: bigint): { orderHash: Hash; cost: string }[] {
  return answers
    .filter(({ reason }) => reason !== BID_REASON)
    .map(({ orderHash }) => ({ orderHash, cost: cost.toString() }));
}
