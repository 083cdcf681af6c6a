import { buildRecord, type RoundInputs, staked } from "@stoa/core";
import type { Hash, RoundId, RoundRecord, TaskId, UnservedCount } from "@stoa/protocol";
import type { AwardRecord } from "@stoa/store";
import type { MarketContext } from "../context.ts";
import type { WorkingSet } from "../lane/working-set.ts";
import { bindAward } from "./bind-award.ts";
import { type Asides, countUnserved } from "./count-unserved.ts";
import { loadRound } from "./load-round.ts";
import { signAwards } from "./sign-awards.ts";

export interface ClosedRound {
  outcomeHash: Hash;
  /** The awards that were made: less than the record's when a task was cancelled, or it or a bid ran out, while its round was open. */
  awarded: TaskId[];
  unserved: TaskId[];
}

/**
 * Closes a round: clears it by the market's law, signs the awards and writes them with the whole public record in one
 * transaction. Closing it again changes nothing.
 * @param asides what nodes said beside their sheets: it goes into the reasons why a task found no taker, and decides nothing
 * @returns null when the round was closed before
 */
export async function closeRound(
  context: MarketContext,
  roundId: RoundId,
  reason: RoundInputs["close"]["reason"],
  asides?: Asides,
): Promise<ClosedRound | null> {
  for (;;) {
    const closed = await tryToClose(context, roundId, reason, asides);
    if (closed !== "sheet_came") return closed;
  }
}

async function tryToClose(
  context: MarketContext,
  roundId: RoundId,
  reason: RoundInputs["close"]["reason"],
  asides?: Asides,
): Promise<ClosedRound | null | "sheet_came"> {
  const inputs = await loadRound(context.database, roundId, { at: context.clock(), reason });
  const { record, clearing } = buildRecord(inputs);
  const awards = await signAwards(context, inputs, clearing.awards, { roundId, roundHash: record.outcomeHash });
  const unserved = await countUnserved(context, inputs, clearing, asides);
  return writeOutcome(context, { record, awards, unserved });
}

interface Outcome {
  record: RoundRecord;
  awards: readonly AwardRecord[];
  unserved: ReadonlyMap<TaskId, UnservedCount[]>;
}

/** @returns `sheet_came` when a receipted sheet is missing from the record: it came while the round was cleared */
function writeOutcome(
  context: MarketContext,
  { record, awards, unserved }: Outcome,
): Promise<ClosedRound | null | "sheet_came"> {
  const { outcomeHash } = record;
  const roundId = record.roundId as RoundId;
  const { opening, close, nodes } = record.body;
  const bidsUntil = new Map(nodes.map(({ link, sheet }) => [link.node, Number(sheet?.sheet.expiresAt ?? 0) * 1_000]));
  const answered = nodes.filter(({ sheet }) => sheet).length;
  return context.lane.run({
    name: "close-round",
    tasks: [...awards.map(({ taskId }) => taskId), ...unserved.keys()],
    rounds: [roundId],
    owns: [roundId, `segment:${opening.segment}`, ...awards.map(({ node }) => `slots:${node}`)],
    accounts: () => awards.map(staked),
    decide(set) {
      const round = set.round(roundId);
      if (round?.state !== "open") return null;
      if (round.sheets !== answered) return "sheet_came";
      const awarded = awards
        .filter((award) => awardTask(set, award, bidsUntil.get(award.node)!))
        .map(({ taskId }) => taskId);
      for (const [taskId, reasons] of unserved) markUnserved(set, taskId, roundId, reasons);
      set.defer((tx) =>
        tx.query(
          `update rounds set state = 'closed', closed_at = $2::timestamptz, close_reason = $3, outcome_hash = $4, record = $5::json
            where id = $1`,
          [roundId, new Date(close.at).toISOString(), close.reason, outcomeHash, JSON.stringify(record)],
        ),
      );
      set.emit({
        type: "round.closed",
        audience: null,
        data: {
          roundId,
          capability: opening.segment,
          tasks: opening.tasks.length,
          awards: awarded.length,
          reason: close.reason,
          outcomeHash,
        },
      });
      return { outcomeHash, awarded, unserved: [...unserved.keys()] };
    },
  });
}

/**
 * Gives an open task its award and binds the node's bond to it.
 * @param bidUntil when the node's bid ends, epoch milliseconds
 * @returns false when the task was cancelled meanwhile, it or the bid is over, as after a long stop, or the node's stake
 *   is gone: the task then waits for another round, or expires
 */
function awardTask(set: WorkingSet, award: AwardRecord, bidUntil: number): boolean {
  const task = set.task(award.taskId);
  if (task.state !== "open" || (task.notBefore ?? 0) > set.now) return false;
  if (task.deliverBy <= set.now || bidUntil <= set.now) return false;
  if (set.book.balance(staked(award)) < award.bond) return false;
  bindAward(set, task.id, award);
  return true;
}

/** Tells a task's requester why its round, or its open auction, found no taker. */
export function markUnserved(set: WorkingSet, taskId: TaskId, roundId: RoundId, reasons: UnservedCount[]): void {
  const task = set.task(taskId);
  if (task.state !== "open" || task.notBefore !== null) return;
  task.unserved = reasons;
  set.touchTask(task);
  set.emit({ type: "task.unserved", audience: task.requester, data: { taskId, roundId, reasons } });
}
