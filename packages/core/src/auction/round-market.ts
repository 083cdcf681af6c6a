import {
  type Address,
  agentVersionId,
  BID_REASON,
  type Hash,
  hashJson,
  type RecordVersion,
  type RoundBody,
  type SheetAnswer,
  StoaError,
} from "@stoa/protocol";
import { edgeRoyalty } from "./edge-royalty.ts";
import type { Bar, Edge, Market, TaskTerms } from "./model.ts";
import { qualityTerm } from "./quality-term.ts";
import { reservePrice } from "./reserve-price.ts";
import { roundSeed } from "./round-seed.ts";

/** The version of the market's law that this code is; an opening names the one it is held by. */
export const RULE_VERSION = 1;

/** All a round is decided by: its record without the outcome. */
export type RoundInputs = Omit<RoundBody, "outcome">;

export interface RoundMarket {
  roundId: Hash;
  seed: Hash;
  /** Tasks in the opening's order, nodes in the order asked; a node without answer offers no slots. */
  market: Market;
  /** Bids set aside already here. */
  barred: Bar[];
}

interface Context {
  inputs: RoundInputs;
  tasks: TaskTerms[];
  taskAt: Map<string, number>;
  versions: Map<string, RecordVersion>;
  penalties: Map<string, number>;
  sameOwner: Set<string>;
}

const pairKey = (orderHash: Hash, node: Address) => `${orderHash}:${node.toLowerCase()}`;

function contextOf(inputs: RoundInputs): Context {
  const { opening, snapshot, versions } = inputs;
  const tasks = opening.tasks.map(({ orderHash, order, spec }) => ({
    taskId: orderHash,
    requester: order.requester,
    maxPrice: BigInt(order.maxPrice),
    royaltyCap: BigInt(order.royaltyCap),
    agentVersion: spec.agentVersion ?? null,
  }));
  return {
    inputs,
    tasks,
    taskAt: new Map(tasks.map(({ taskId }, index) => [taskId, index])),
    versions: new Map(versions.map((version) => [agentVersionId(version.manifest), version])),
    penalties: new Map(snapshot.nodes.map(({ node, penaltyBps }) => [node.toLowerCase(), penaltyBps])),
    sameOwner: new Set(snapshot.sameOwner.map(({ orderHash, node }) => pairKey(orderHash, node))),
  };
}

/** Reads one bid as an edge, with the reason it is barred for, if any. */
function readBid(context: Context, answer: SheetAnswer, node: number): { edge: Edge; barred: Bar["reason"] | null } {
  const { opening } = context.inputs;
  const asked = opening.asked[node]!;
  const task = context.taskAt.get(answer.orderHash);
  const version = context.versions.get(answer.agentVersion);
  const penaltyBps = context.penalties.get(asked.node.toLowerCase());
  if (task === undefined)
    throw new StoaError(
      "invalid_record",
      `node ${asked.node} answers for ${answer.orderHash}, which the round does not have`,
    );
  if (!version)
    throw new StoaError(
      "invalid_record",
      `node ${asked.node} bids with version ${answer.agentVersion}, which the record does not have`,
    );
  if (penaltyBps === undefined)
    throw new StoaError("invalid_record", `the snapshot has no entry for node ${asked.node}`);
  const reserve = reservePrice(context.tasks[task]!.maxPrice, opening.feeBps);
  const edge = {
    task,
    node,
    agentVersion: answer.agentVersion,
    ask: BigInt(answer.ask),
    royalty: edgeRoyalty(BigInt(version.manifest.royalty), version.creator, asked.provider),
    quality: qualityTerm(reserve, penaltyBps),
  };
  if (context.sameOwner.has(pairKey(answer.orderHash, asked.node))) return { edge, barred: "same_owner" };
  const offers = version.manifest.capabilities.includes(opening.segment);
  return { edge, barred: offers ? null : "wrong_capability" };
}

/**
 * Reads what a round is decided by as a market to clear, with the seed of its tie-breaks.
 * @throws {StoaError} `invalid_record` when an answer names a task, version or node the record does not have
 */
export function roundMarket(inputs: RoundInputs): RoundMarket {
  const { opening, nodes } = inputs;
  const context = contextOf(inputs);
  const edges: Edge[] = [];
  const barred: Bar[] = [];
  nodes.forEach(({ sheet }, node) => {
    for (const answer of sheet?.answers ?? []) {
      if (answer.reason !== BID_REASON) continue;
      const bid = readBid(context, answer, node);
      if (bid.barred) barred.push({ task: bid.edge.task, node, reason: bid.barred });
      else edges.push(bid.edge);
    }
  });
  const roundId = hashJson(opening);
  const roots = nodes.flatMap(({ sheet }) => sheet?.sheet.answersRoot ?? []);
  return {
    roundId,
    seed: roundSeed(
      opening.previousHash,
      roundId,
      context.tasks.map(({ taskId }) => taskId),
      roots,
    ),
    market: {
      feeBps: opening.feeBps,
      tasks: context.tasks,
      nodes: opening.asked.map(({ node, provider }, index) => ({
        node,
        provider,
        slots: nodes[index]?.sheet?.sheet.slots ?? 0,
      })),
      edges,
    },
    barred,
  };
}
