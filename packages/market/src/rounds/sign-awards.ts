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

/** Signs what a clearing gave as the operator; the nodes' own signatures come when they start. */
export async function signAwards(
  context: MarketContext,
  inputs: AwardInputs,
  cleared: readonly Terms[],
  round: { roundId: RoundId; roundHash: Hash },
): Promise<AwardRecord[]> {
  const nodes = new Map(inputs.nodes.map((node) => [node.link.node, node]));
  const versions = new Map(inputs.versions.map((version) => [agentVersionId(version.manifest), version]));
  const tasks = new Map(inputs.opening.tasks.map((task) => [task.orderHash, task]));
  const awards: AwardRecord[] = [];
  for (const terms of cleared) {
    const [node, task] = [nodes.get(terms.node), tasks.get(terms.taskId)];
    const version = versions.get(terms.agentVersion as AgentVersionId);
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
    const bond = BigInt(node.sheet.sheet.bond);
    awards.push(await sign(context, award, { ...terms, bond, roundId: round.roundId, task }));
  }
  return awards;
}

async function sign(
  context: MarketContext,
  award: Award,
  { task, ...made }: Terms & { bond: bigint; roundId: RoundId; task: AwardInputs["opening"]["tasks"][number] },
): Promise<AwardRecord> {
  const { domain } = context.terms;
  const now = context.clock();
  return {
    hash: hashTyped(domain, "Award", award),
    taskId: award.orderHash as TaskId,
    roundId: made.roundId,
    node: award.node,
    provider: award.payout,
    agentVersion: made.agentVersion as AgentVersionId,
    terms: encodeTyped("Award", award),
    price: award.price,
    royalty: award.royalty,
    ask: made.ask,
    bond: made.bond,
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
