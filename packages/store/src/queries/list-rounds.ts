import type { Address, Hash, RoundId, RoundState } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import { type Position, positionParams } from "./position.ts";

/** What may be told of a round at any time: nothing of its bids. */
export interface RoundRow {
  id: RoundId;
  capability: string;
  state: RoundState;
  openedAt: number;
  closesAt: number;
  closedAt: number | null;
  closeReason: string | null;
  outcomeHash: Hash | null;
  tasks: number;
  asked: Address[];
}

export interface RoundFilter {
  capability?: string | undefined;
  state?: RoundState | undefined;
  after?: Position | undefined;
  limit: number;
}

/** Rounds, the newest first. */
export function listRounds(database: Queryable, filter: RoundFilter): Promise<RoundRow[]> {
  const { capability, state, after, limit } = filter;
  const params: unknown[] = [limit];
  const take = (value: unknown) => `$${params.push(value)}`;
  const where: string[] = [];
  if (capability) where.push(`capability = ${take(capability)}`);
  // Written out: that few rounds are open is known of the word, not of a parameter.
  if (state) where.push(state === "open" ? "state = 'open'" : `state = ${take(state)}`);
  if (after) where.push(`(opened_at, id) < (${positionParams(after).map(take).join("::timestamptz, ")})`);
  return database.query<RoundRow>(
    `select ${COLUMNS} from rounds ${where.length > 0 ? `where ${where.join(" and ")}` : ""}
      order by opened_at desc, id desc limit $1`,
    params,
  );
}

/** One round. */
export async function findRound(database: Queryable, id: RoundId): Promise<RoundRow | undefined> {
  const [row] = await database.query<RoundRow>(`select ${COLUMNS} from rounds where id = $1`, [id]);
  return row;
}

const COLUMNS = `id, capability, state, opened_at as "openedAt", closes_at as "closesAt", closed_at as "closedAt",
       close_reason as "closeReason", outcome_hash as "outcomeHash", json_array_length(opening -> 'tasks') as tasks,
       jsonb_path_query_array(opening::jsonb, '$.asked[*].node') as asked`;
