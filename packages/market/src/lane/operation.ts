import type { LedgerAccount } from "@stoa/core";
import type { RoundId, TaskId } from "@stoa/protocol";
import type { LogKey, OrderNonce, Queryable, SessionId, SheetKey } from "@stoa/store";
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
  /** The session key that signed that order. */
  readonly session?: SessionId | undefined;
  readonly rounds?: readonly RoundId[];
  readonly sheet?: SheetKey;
  readonly log?: LogKey;
  /**
   * Names of what it may share a batch over with nobody, and with its other users only: needed for whatever it
   * decides on by its own {@link load} or changes by a deferred write, which others of its batch cannot see.
   */
  readonly owns?: readonly string[];
  readonly uses?: readonly string[];
  /** Ledger accounts it takes from or reads, known once its tasks are. Accounts it only adds to need no mention. */
  accounts?(set: WorkingSet): readonly LedgerAccount[];
  /** Reads whatever else it needs; for operations that are few. */
  load?(tx: Queryable): Promise<void>;
  /** @throws {StoaError} to refuse, before it changes anything; the rest of the batch goes on */
  decide(set: WorkingSet): Result;
}
