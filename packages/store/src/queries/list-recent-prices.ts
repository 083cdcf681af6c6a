import type { AgentVersionId } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

/** Rounds of a capability that count as recent. */
const ROUNDS = 200;

/** What the latest rounds of a capability awarded tasks at, or one agent version of it: public since those rounds closed. */
export async function listRecentPrices(
  database: Queryable,
  { capability, agentVersion }: { capability: string; agentVersion: AgentVersionId | null },
): Promise<bigint[]> {
  const rows = await database.query<{ price: bigint }>(
    `select price from awards
      where round_id in (select id from rounds where capability = $1 order by position desc limit ${ROUNDS})
        and ($2::text is null or agent_version = $2)`,
    [capability, agentVersion],
  );
  return rows.map(({ price }) => price);
}
