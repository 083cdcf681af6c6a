import type { Hash } from "@stoa/protocol";
import { type AwardRecord, loadAwards, type Queryable } from "@stoa/store";

/** The award with this hash, if there ever was one. */
export async function findAward(database: Queryable, hash: Hash): Promise<AwardRecord | undefined> {
  const [award] = await loadAwards(database, [hash]);
  return award;
}
