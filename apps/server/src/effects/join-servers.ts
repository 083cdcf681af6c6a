import { createHash, randomBytes } from "node:crypto";
import type { Database } from "@stoa/store";
import type { EffectContext } from "./effect-context.ts";
import { repeat, type Repeated } from "./repeat.ts";

/** How often a server says that it is there, and looks who else is. */
const BEAT_MS = 1_000;
/** A server that was not heard of for so long is gone: several beats, so that a busy machine is no dead one. */
const GONE_AFTER_SECONDS = 5;

/** The server processes that share the database, this one included. */
export interface Servers {
  readonly id: string;
  /** Whether another one is there. */
  readonly others: boolean;
  isLive(id: string): boolean;
  /** Of those that are there. */
  ids(): readonly string[];
  /** Multiaddrs nodes can dial: this one's first. */
  addresses(): string[];
  /**
   * Whether this one looks after what has this name: each name is one server's, and when servers come or go only the
   * names of those move. Two may think so for a moment; what they do is guarded by the database.
   */
  owns(name: string): boolean;
  /** Calls `listener` when servers have come or gone. */
  onChange(listener: () => void): void;
}

export interface JoinedServers extends Servers, Pick<Repeated, "ended"> {
  /** Says that this one goes: the others take over at once. */
  leave(): Promise<void>;
}

type JoinContext = Pick<EffectContext, "database" | "log" | "signal"> & { id: string; addresses: () => string[] };

/** A name of a server process's own, new with every start: what it held before, it holds no more. */
export function newServerId(): string {
  return `server-${randomBytes(8).toString("hex")}`;
}

/** Joins the servers on a database, and stays among them until the signal ends it. An embedded database has one. */
export async function joinServers(context: JoinContext): Promise<JoinedServers> {
  const { id, database, signal } = context;
  const isShared = database.kind === "postgresql";
  const listeners = new Set<() => void>();
  let live = new Map<string, string[]>();

  async function beat(): Promise<void> {
    if (!isShared) return;
    const seen = await sayHere(database, id, context.addresses());
    const others = new Map(seen.flatMap((row) => (row.id === id ? [] : [[row.id, row.addresses] as const])));
    const hasChanged = others.size !== live.size || [...others.keys()].some((other) => !live.has(other));
    live = others;
    if (hasChanged) for (const listener of listeners) listener();
  }

  if (isShared) await database.query("delete from servers where seen_at < now() - interval '1 day'");
  await beat();
  const beats = repeat({ name: "servers", everyMs: BEAT_MS, ...context }, beat);
  return {
    id,
    ended: beats.ended,
    get others() {
      return live.size > 0;
    },
    isLive: (other) => other === id || live.has(other),
    ids: () => [id, ...live.keys()],
    addresses: () => [...context.addresses(), ...[...live.values()].flat()],
    owns(name) {
      const own = weight(id, name);
      return [...live.keys()].every((other) => weight(other, name) < own);
    },
    onChange: (listener) => {
      listeners.add(listener);
      signal.addEventListener("abort", () => listeners.delete(listener), { once: true });
    },
    async leave() {
      await beats.ended;
      if (isShared) await database.query("delete from servers where id = $1", [id]);
    },
  };
}

/** Rendezvous hashing: the server with the greatest weight for a name has it, and all servers compute the same. */
function weight(server: string, name: string): string {
  return createHash("sha256").update(`${server}\n${name}`).digest("hex");
}

async function sayHere(
  database: Database,
  id: string,
  addresses: readonly string[],
): Promise<{ id: string; addresses: string[] }[]> {
  await database.query(
    `insert into servers (id, addresses, started_at, seen_at)
     values ($1, $2::text[], clock_timestamp(), clock_timestamp())
     on conflict (id) do update set addresses = excluded.addresses, seen_at = excluded.seen_at`,
    [id, addresses],
  );
  return database.query(
    "select id, addresses from servers where seen_at > clock_timestamp() - make_interval(secs => $1) order by id",
    [GONE_AFTER_SECONDS],
  );
}
