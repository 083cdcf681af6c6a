import { parseHash, type RoundId, type RoundSummary, StoaError } from "@stoa/protocol";
import { type Database, findRound, type RoundRow } from "@stoa/store";
import Type from "typebox";
import { toIso } from "../../http/pagination.ts";

/** The path of a route on one round. */
export const RoundParamsSchema = Type.Object({ id: Type.String({ description: "a round's id" }) });

/** A round as lists show it: nothing of its bids. */
export function roundSummary(row: RoundRow): RoundSummary {
  const { id, capability, state, openedAt, closesAt, closedAt, closeReason, outcomeHash, tasks, asked } = row;
  return {
    id,
    capability,
    state,
    openedAt: toIso(openedAt),
    closesAt: toIso(closesAt),
    tasks,
    nodes: asked.length,
    ...(closedAt !== null && { closedAt: toIso(closedAt) }),
    ...(closeReason !== null && { closeReason }),
    ...(outcomeHash !== null && { outcomeHash }),
  };
}

/**
 * The round of a path.
 * @throws {StoaError} `malformed_id`, `not_found`
 */
export async function requireRound(database: Database, text: string): Promise<RoundRow> {
  const id = parseHash(text, "a round's id") as RoundId;
  const round = await findRound(database, id);
  if (!round) throw new StoaError("not_found", `there is no round ${id}`);
  return round;
}

/** The error of asking for what a round keeps sealed until it closes. */
export function stillOpen({ id, closesAt }: RoundRow): StoaError {
  return new StoaError(
    "round_open",
    `the round ${id} is open until ${toIso(closesAt)} at the latest: nothing about its bids leaves before it closes`,
  );
}
