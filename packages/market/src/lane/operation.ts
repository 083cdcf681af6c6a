import type { LedgerAccount } from "@stoa/core";
import type { TaskId } from "@stoa/protocol";
import type { OrderNonce, Queryable } from "@stoa/store";
import type { WorkingSet } from "./working-set.ts";

/**
 * One change of the market. It names what it looks at, so that a batch can read it all at once, and then decides
 * without I/O: it checks everything first and changes only what it is sure of.
 */
export interface Operation<Result> {
  readonly name: string;
  readonly tasks?: readonly TaskId[];
  /** The number of the order it opens a task with. */
  readonly nonce?: OrderNonce;
  /** Ledger accounts it takes from or reads, known once its tasks are. Accounts it only adds to need no mention. */
  accounts?(set: WorkingSet): readonly LedgerAccount[];
  /** Reads whatever else it needs; for operations that are few. */
  load?(tx: Queryable): Promise<void>;
  /** @throws {StoaError} to refuse; the rest of the batch goes on */
  decide(set: WorkingSet): Result;
}
