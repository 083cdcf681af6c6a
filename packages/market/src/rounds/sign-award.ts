import type { AwardTerms, RoundInputs } from "@stoa/core";
import {
  agentVersionId,
  type AgentVersionId,
  type Award,
  encodeTyped,
  type Hash,
  hashTyped,
  type RoundId,
  signTyped,
  type TaskId,
} from "@stoa/protocol";
import type { AwardRecord } from "@stoa/store";
import type { MarketContext } from "../context.ts";

/** What an award is made of: the node's link and sheet, the version's creator, the order. */
export interface AwardInputs extends Pick<RoundInputs, "nodes" | "versions"> {
  opening: Pick<RoundInputs["opening"], "tasks">;
}

type Terms = Pick<AwardTerms, "taskId" | "node" | "agentVersion" | "ask" | "royalty" | "price">;

/** Signs what a clearing gave as the operator; the node's own signature comes when it starts. */
export async function signAward(
  context: MarketContext,
  inputs: AwardInputs,
  terms: Terms,
  round: { roundId: RoundId; roundHash: Hash },
): Promise<AwardRecord> {
  const node = inputs.nodes.find(({ link }) => link.node === terms.node);
  const version = inputs.versions.find(({ manifest }) => agentVersionId(manifest) === terms.agentVersion);
  const task = inputs.opening.tasks.find(({ orderHash }) => orderHash === terms.taskId);
  if (!node?.sheet || !version || !task)
    throw new TypeError(`the award of ${terms.taskId} names what its round does not have`);
  const award: Award = {
    orderHash: terms.taskId,
    roundHash: round.roundHash,
    node: terms.node,
    payout: node.link.provider,
    creator: version.creator,
    price: terms.price,
    royalty: terms.royalty,
  };
  const { domain } = context.terms;
  const now = context.clock();
  return {
    hash: hashTyped(domain, "Award", award),
    taskId: terms.taskId as TaskId,
    roundId: round.roundId,
    node: terms.node,
    provider: node.link.provider,
    agentVersion: terms.agentVersion as AgentVersionId,
    terms: encodeTyped("Award", award),
    price: terms.price,
    royalty: terms.royalty,
    ask: terms.ask,
    bond: BigInt(node.sheet.sheet.bond),
    operatorSignature: await signTyped(context.operator, domain, "Award", award),
    madeAt: now,
    startBy: now + task.spec.startBySeconds * 1_000,
    state: "made",
    nodeSignature: null,
    startedAt: null,
    endedAt: null,
    stats: null,
    failure: null,
  };
}
