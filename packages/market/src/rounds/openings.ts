import { type RoundId, type RoundOpening, StoaError } from "@stoa/protocol";
import type { Queryable } from "@stoa/store";

/** A segment has one open round; the last few of all segments fit many times over. */
const KEPT = 256;

/** Rounds' openings, which never change: every sheet of a round is checked against one, and it can be large. */
export class Openings {
  readonly #database: Queryable;
  readonly #kept = new Map<RoundId, Promise<RoundOpening>>();

  constructor(database: Queryable) {
    this.#database = database;
  }

  /** @throws {StoaError} `not_found` */
  get(id: RoundId): Promise<RoundOpening> {
    const known = this.#kept.get(id);
    if (known) return known;
    const reading = this.#read(id);
    this.#kept.set(id, reading);
    reading.catch(() => this.#kept.delete(id));
    const [oldest] = this.#kept.keys();
    if (oldest && this.#kept.size > KEPT) this.#kept.delete(oldest);
    return reading;
  }

  async #read(id: RoundId): Promise<RoundOpening> {
    const [round] = await this.#database.query<{ opening: RoundOpening }>("select opening from rounds where id = $1", [
      id,
    ]);
    if (!round) throw new StoaError("not_found", `there is no round ${id}`);
    return round.opening;
  }
}
