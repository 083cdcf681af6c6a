import { StoaError } from "@stoa/protocol";
import type { Database } from "@stoa/store";

const CHANNEL = "stoa_suspensions";

/**
 * Which accounts are suspended, at hand in every server process: an access token is believed for seconds without asking
 * the database, and must not outlive its account's good standing.
 */
export class Suspensions {
  readonly #database: Database;
  #reasons: Promise<ReadonlyMap<string, string>> | undefined;
  #isHeard = false;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @throws {StoaError} `suspended` with the reason */
  async require(accountId: string): Promise<void> {
    if (!this.#isHeard) {
      this.#isHeard = true;
      this.#database.listen(CHANNEL, () => this.forget());
    }
    this.#reasons ??= this.#read();
    const reason = (await this.#reasons).get(accountId);
    if (reason !== undefined) throw new StoaError("suspended", `the account is suspended: ${reason}`);
  }

  /** Reads anew when next asked: after a change of this process, or of another. */
  forget(): void {
    this.#reasons = undefined;
  }

  /** Tells the other processes, in the transaction that changes it. */
  static tell(tx: Pick<Database, "query">): Promise<unknown> {
    return tx.query("select pg_notify($1, '')", [CHANNEL]);
  }

  async #read(): Promise<ReadonlyMap<string, string>> {
    try {
      const rows = await this.#database.query<{ id: string; reason: string }>(
        // A program's account goes with its owner's.
        `select accounts.id, coalesce(accounts.suspended_for, owner.suspended_for) as reason
           from accounts left join accounts as owner on owner.id = accounts.owner_id
          where accounts.suspended_for is not null or owner.suspended_for is not null`,
      );
      return new Map(rows.map(({ id, reason }) => [id, reason]));
    } catch (error) {
      this.forget();
      throw error;
    }
  }
}
