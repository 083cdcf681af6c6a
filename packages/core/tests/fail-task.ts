import {
  type AwardTerms,
  type Clearing,
  damages,
  type Damages,
  type Market,
  reawardTask,
  reservePrice,
} from "../src/index.ts";
import { SEED } from "./random-market.ts";

const NO_LIMIT = 10n ** 18n;

/** What comes of a failure: the award that failed, the one instead, and what the failed node owes. */
interface Failed {
  failed: AwardTerms;
  award: AwardTerms | null;
  owes: Damages;
}

/** Who does which task after some were cleared again: the awards in force, and the nodes each task was failed by. */
export interface InForce {
  awards: readonly AwardTerms[];
  failedBy: ReadonlyMap<string, readonly string[]>;
}

/** Lets whoever has a task fail it, among nodes that did not fail it yet and have a free slot now. */
export function failTask(market: Market, { awards, failedBy }: InForce, taskId: string, bond = NO_LIMIT): Failed {
  const failed = awards.find((award) => award.taskId === taskId)!;
  const task = market.tasks.findIndex((terms) => terms.taskId === taskId);
  const offers = market.edges
    .filter((edge) => edge.task === task)
    .map((edge) => ({ ...edge, ...market.nodes[edge.node]! }));
  const qualityOf = (node: string) => offers.find((offer) => offer.node === node)!.quality;
  const out = [failed.node, ...(failedBy.get(taskId) ?? [])];
  const load = (node: string) => awards.filter((award) => award.node === node).length;
  const candidates = offers.filter(({ node, slots }) => !out.includes(node) && load(node) < slots);
  const award = reawardTask({ feeBps: market.feeBps, task: market.tasks[task]!, candidates, seed: SEED });
  const owes = damages({
    reserve: reservePrice(market.tasks[task]!.maxPrice, market.feeBps),
    failed: { quality: qualityOf(failed.node), price: failed.price, fee: failed.fee },
    replacement: award && { quality: qualityOf(award.node), price: award.price, fee: award.fee },
    bond,
  });
  return { failed, award, owes };
}

/** The awards of a clearing, before anyone fails. */
export function inForce({ awards }: Clearing): InForce {
  return { awards, failedBy: new Map() };
}

/** Fails a task and goes on: what is in force afterwards, and what came of it. */
export function failOn(market: Market, before: InForce, taskId: string): Failed & { after: InForce } {
  const result = failTask(market, before, taskId);
  const rest = before.awards.filter((award) => award.taskId !== taskId);
  const failedBy = new Map(before.failedBy).set(taskId, [...(before.failedBy.get(taskId) ?? []), result.failed.node]);
  return { ...result, after: { awards: result.award ? [...rest, result.award] : rest, failedBy } };
}
