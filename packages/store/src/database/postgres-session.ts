import { StoaError } from "@stoa/protocol";
import pg from "pg";

/** How soon a session that broke is opened again. */
const AGAIN_MS = 250;
/** A server that does not answer for so long counts as gone, and with it what the session holds. */
const ANSWER_MS = 5_000;
/** Any constant: leases are locks of this class. */
const LEASES = 7_303;
/** Has the server end the session of a host that vanished, so that its leases come free within seconds. */
const KEEPALIVE = "-c tcp_keepalives_idle=4 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3";

interface Open {
  client: pg.Client;
  leases: Map<string, AbortController>;
  isLost: boolean;
}

/**
 * One connection beside the pool's, for what outlives a statement: it listens, and its advisory locks are leases that
 * die with it.
 *
 *   closed ──first use──▶ open ──broken──▶ closed (leases are lost) ──AGAIN_MS──▶ open
 */
export class PostgresSession {
  readonly #url: string;
  readonly #isOwn: (processId: number) => boolean;
  readonly #channels = new Map<string, Set<(payload: string | null) => void>>();
  #opening: Promise<Open> | undefined;
  #current: Open | undefined;
  #again: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param isOwn whether a server process serves this database's own pool */
  constructor(url: string, isOwn: (processId: number) => boolean) {
    this.#url = url;
    this.#isOwn = isOwn;
  }

  listen(channel: string, heard: (payload: string | null) => void): () => void {
    const listeners = this.#channels.get(channel) ?? new Set();
    this.#channels.set(channel, listeners.add(heard));
    if (this.#current && listeners.size === 1) void this.#hear(this.#current, channel);
    else this.#keepOpen();
    return () => listeners.delete(heard);
  }

  /** @throws {StoaError} `database_unavailable` */
  async tryLease(name: string): Promise<AbortSignal | null> {
    const open = await this.#open();
    const held = open.leases.get(name);
    try {
      const { rows } = held
        ? await open.client.query("select true as taken")
        : await open.client.query("select pg_try_advisory_lock($1, hashtext($2)) as taken", [LEASES, name]);
      if (!(rows as { taken: boolean }[])[0]?.taken) return null;
    } catch (cause) {
      this.#lose(open);
      throw new StoaError("database_unavailable", `PostgreSQL is away: ${(cause as Error).message}`, { cause });
    }
    const lease = held ?? new AbortController();
    open.leases.set(name, lease);
    return lease.signal;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#again);
    const open = await this.#opening?.catch(() => undefined);
    if (!open) return;
    for (const lease of open.leases.values()) lease.abort();
    await open.client.end().catch(() => {});
  }

  #open(): Promise<Open> {
    if (this.#closed) return Promise.reject(new StoaError("database_unavailable", "the database is closed"));
    this.#opening ??= this.#connect();
    return this.#opening;
  }

  /** Opens the session and, as long as somebody listens, opens it again when it breaks. */
  #keepOpen(): void {
    this.#open().catch(() => this.#openLater());
  }

  #openLater(): void {
    clearTimeout(this.#again);
    if (!this.#closed && this.#channels.size > 0) this.#again = setTimeout(() => this.#keepOpen(), AGAIN_MS).unref();
  }

  async #connect(): Promise<Open> {
    const client = new pg.Client({
      connectionString: this.#url,
      keepAlive: true,
      connectionTimeoutMillis: ANSWER_MS,
      query_timeout: ANSWER_MS,
      options: KEEPALIVE,
    });
    const open: Open = { client, leases: new Map(), isLost: false };
    client.on("error", () => this.#lose(open));
    client.on("end", () => this.#lose(open));
    client.on("notification", ({ channel, payload, processId }) => {
      if (this.#isOwn(processId)) return;
      for (const heard of this.#channels.get(channel) ?? []) heard(payload ?? "");
    });
    try {
      await client.connect();
    } catch (cause) {
      this.#opening = undefined;
      throw new StoaError("database_unavailable", `PostgreSQL is away: ${(cause as Error).message}`, { cause });
    }
    this.#current = open;
    for (const channel of this.#channels.keys()) await this.#hear(open, channel);
    return open;
  }

  async #hear(open: Open, channel: string): Promise<void> {
    try {
      await open.client.query(`listen ${pg.escapeIdentifier(channel)}`);
      // What was told before has been told to nobody here.
      for (const heard of this.#channels.get(channel) ?? []) heard(null);
    } catch {
      this.#lose(open);
    }
  }

  #lose(open: Open): void {
    if (open.isLost) return;
    open.isLost = true;
    for (const lease of open.leases.values()) lease.abort();
    if (this.#current === open) [this.#current, this.#opening] = [undefined, undefined];
    open.client.end().catch(() => {});
    this.#openLater();
  }
}
