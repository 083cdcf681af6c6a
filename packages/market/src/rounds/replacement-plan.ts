import type { Damages } from "@stoa/core";
import type { Address, Hash, OpenSupplement, Supplement } from "@stoa/protocol";
import type { AwardRecord, Queryable, SheetRecord } from "@stoa/store";

/** What the law makes of a fault, computed before the lane decides whether it still holds. */
export interface ReplacementPlan {
  failed: AwardRecord;
  supplement: { hash: Hash; record: Supplement | OpenSupplement };
  /** How many supplements the round, or the open auction, had before. */
  position: number;
  next: AwardRecord | null;
  damages: Damages;
  /** The nodes that could take a task of it over, read anew. */
  freeNodes(tx: Queryable): Promise<Address[]>;
  /** The sheet that the next award stands on, when it is not kept yet. */
  sheet: SheetRecord | null;
}
