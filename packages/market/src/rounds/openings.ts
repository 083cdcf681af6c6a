import { type Hash, StoaError } from "@stoa/protocol";
import type { Queryable } from "@stoa/store";

/** A segment has one open round; the last few of all segments fit many times over. */
const KEPT = 256;

/** What is opened once and asked for by every bid: a sealed round, or an open auction. */
const OPENINGS = {
  rounds: { select: "select opening from rounds where id = $1", what: "round" },
  auctions: { select: "select opening from open_auctions where id = $1", what: "auction" },
} as const;

/** Signed openings, which never change: every sheet is checked against one, and it can be large. */
export class Openings<Opening> {
  readonly #database: Queryable;
  readonly #kind: keyof typeof OPENINGS;
  readonly #kept = new Map<Hash, Promise<Opening>>();

  constructor(database: Queryable, kind: keyof typeof OPENINGS) {
    this.#database = database;
    this.#kind = kind;
  }

  /** @throws {StoaError} `not_found` */
  get(id: Hash): Promise<Opening> {
    const known = this.#kept.get(id);
    if (known) return known;
    const reading = this.#read(id);
    this.#kept.set(id, reading);
    reading.catch(() => this.#kept.delete(id));
    const [oldest] = this.#kept.keys();
    if (oldest && this.#kept.size > KEPT) this.#kept.delete(oldest);
    return reading;
  }

  async #read(id: Hash): Promise<Opening> {
    const { select, what } = OPENINGS[this.#kind];
    const [row] = await this.#database.query<{ opening: Opening }>(select, [id]);
    if (!row) throw new StoaError("not_found", `there is no ${what} ${id}`);
    return row.opening;
  }
}
