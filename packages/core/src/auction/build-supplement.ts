import {
  type Address,
  BID_REASON,
  type NodeFault,
  type Hash,
  type RecordAward,
  type RoundRecord,
  type Supplement,
  supplementHash,
  StoaError,
} from "@stoa/protocol";
import { type Damages, damages } from "./damages.ts";
import type { AwardTerms } from "./model.ts";
import { type Reaward, reawardTask } from "./reaward.ts";
import { certifyReaward } from "./reaward-certificate.ts";
import { recordAward } from "./record-award.ts";
import { reservePrice } from "./reserve-price.ts";
import { roundMarket } from "./round-market.ts";

/** A node's fault on one task, and who could take it over. */
export interface FaultReport {
  record: RoundRecord;
  /** The round's supplements so far, oldest first. */
  earlier: readonly Supplement[];
  fault: { node: Address; orderHash: Hash; reason: NodeFault; at: number };
  /** Nodes with a free slot now; those without an unexpired bid, or that failed the task, are left out here. */
  freeNodes: readonly Address[];
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** The award in force: the task's last supplement's, else the round's own. */
export function awardInForce(record: RoundRecord, earlier: readonly Supplement[], orderHash: Hash): RecordAward | null {
  const last = earlier.findLast((supplement) => supplement.fault.orderHash === orderHash);
  return last ? last.award : (record.body.outcome.awards.find((award) => award.orderHash === orderHash) ?? null);
}

function forfeitedAward({ record, earlier, fault }: FaultReport): RecordAward {
  const award = awardInForce(record, earlier, fault.orderHash);
  if (!award || !same(award.node, fault.node)) {
    throw new StoaError(
      "not_assigned",
      `task ${fault.orderHash} is held by ${award?.node ?? "no node"}, not by ${fault.node}`,
    );
  }
  return award;
}

/** Indices of the asked nodes that may take the task over. */
function candidatesOf({ record, earlier, fault, freeNodes }: FaultReport): number[] {
  const failed = [
    ...earlier
      .filter((supplement) => supplement.fault.orderHash === fault.orderHash)
      .map((supplement) => supplement.fault.node),
    fault.node,
  ];
  return record.body.opening.asked.flatMap(({ node }, index) => {
    const sheet = record.body.nodes[index]?.sheet;
    const bids = sheet?.answers.some((answer) => answer.orderHash === fault.orderHash && answer.reason === BID_REASON);
    const unexpired = sheet && Number(sheet.sheet.expiresAt) * 1_000 > fault.at;
    const free = freeNodes.some((candidate) => same(candidate, node));
    return bids && unexpired && free && !failed.some((candidate) => same(candidate, node)) ? [index] : [];
  });
}

/** A fault with all that the task's new clearing is decided by. */
export interface FaultScene {
  report: FaultReport;
  forfeited: RecordAward;
  reaward: Reaward;
  /** The failed node's quality term on the task, and its bond for one slot. */
  failed: { quality: bigint; bond: bigint };
}

/**
 * Reads a fault against its round: what is forfeited, and the market of the one task that is to be cleared again.
 * @throws {StoaError} `not_assigned` when the node does not hold the task
 */
export function faultScene(report: FaultReport): FaultScene {
  const { record, fault } = report;
  const forfeited = forfeitedAward(report);
  const { market, seed } = roundMarket(record.body);
  const task = market.tasks.findIndex(({ taskId }) => taskId === fault.orderHash);
  const edges = new Map(market.edges.flatMap((edge) => (edge.task === task ? [[edge.node, edge] as const] : [])));
  const at = market.nodes.findIndex(({ node }) => same(node, fault.node));
  const candidates = candidatesOf(report).flatMap((index) => {
    const edge = edges.get(index);
    return edge ? [{ ...market.nodes[index]!, ...edge, node: market.nodes[index]!.node }] : [];
  });
  return {
    report,
    forfeited,
    reaward: { feeBps: market.feeBps, task: market.tasks[task]!, candidates, seed },
    failed: { quality: edges.get(at)!.quality, bond: BigInt(record.body.nodes[at]!.sheet!.sheet.bond) },
  };
}

/** Puts the supplement together once the new award is known: the damages, and the place in the chain. */
export function supplementOf(
  { report, forfeited, reaward, failed }: FaultScene,
  award: AwardTerms | null,
  certificate: Supplement["certificate"],
): { supplement: Supplement; damages: Damages } {
  const { record, earlier, fault } = report;
  const { candidates, task, feeBps } = reaward;
  const replacement = award && { ...award, quality: candidates.find(({ node }) => node === award.node)!.quality };
  const owes = damages({
    reserve: reservePrice(task.maxPrice, feeBps),
    failed: { quality: failed.quality, price: BigInt(forfeited.price), fee: BigInt(forfeited.fee) },
    replacement,
    bond: failed.bond,
  });
  const last = earlier.at(-1);
  const supplement: Supplement = {
    roundId: record.roundId,
    previousHash: last ? supplementHash(last) : record.outcomeHash,
    fault,
    forfeited,
    candidates: candidates.map(({ node }) => node),
    award: award && recordAward(award),
    ...(certificate ? { certificate } : {}),
    damages: {
      owed: owes.owed.toString(),
      toRequester: owes.toRequester.toString(),
      toFaultPool: owes.toFaultPool.toString(),
    },
  };
  return { supplement, damages: owes };
}

/**
 * Handles one fault by the law (docs/auction.md, "When a winner fails"): clears the task again over its
 * round's other bids, proves that clearing and says what the failed node owes. Faults are handled one at a time in
 * event order.
 * @throws {StoaError} `not_assigned` when the node does not hold the task
 */
export function buildSupplement(report: FaultReport): {
  supplement: Supplement;
  award: AwardTerms | null;
  damages: Damages;
} {
  const scene = faultScene(report);
  const award = reawardTask(scene.reaward);
  return { award, ...supplementOf(scene, award, certifyReaward(scene.reaward, award)) };
}
