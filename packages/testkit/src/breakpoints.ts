import type { EventType } from "@stoa/protocol";
import pg from "pg";

/**
 * Where a transaction is stopped:
 * - `inside`: it has written everything and has not committed; a kill loses it whole,
 * - `unanswered`: it is durable, and nobody has been told; a kill leaves its caller in the dark,
 * - `after`: it has committed and was answered.
 */
export type BreakpointPlace = "inside" | "unanswered" | "after";

/** Stops transactions of a market on a real PostgreSQL at exact points, without a hook in the market's code. */
export interface Breakpoints extends AsyncDisposable {
  /** Resolves when a transaction that appends an event of this type stands at the place; one at a time. */
  stopAt(place: BreakpointPlace, type: EventType, deadlineMs: number): Promise<void>;
  /**
   * Takes the breakpoint away and lets what it stopped go on.
   * @param options.cutOff ends every connection of the market first, as the death of its process does
   */
  release(options: { cutOff: boolean }): Promise<void>;
  /** Connects again after the server was away. */
  reconnect(): Promise<void>;
}

const LOCK = 8_415;
const CHANNEL = "breakpoint";
const LOOK_MS = 10;

/**
 * A trigger on the event log, the last thing every transaction of the market writes. `unanswered` waits for a standby
 * that does not exist, which PostgreSQL does after the commit is durable and before it answers.
 */
const SETUP = `
  create schema breakpoints;
  create table breakpoints.armed (place text not null, type text not null);
  create function breakpoints.stop() returns trigger language plpgsql as $$
    declare point breakpoints.armed;
    begin
      select * into point from breakpoints.armed where type = new.type;
      if point.place = 'inside' then
        perform pg_advisory_xact_lock(${LOCK});
      elsif point.place = 'unanswered' then
        perform set_config('synchronous_commit', 'on', true);
      elsif point.place = 'after' then
        perform pg_notify('${CHANNEL}', new.type);
      end if;
      return null;
    end
  $$;
  create trigger stop_at_breakpoint after insert on events for each row execute function breakpoints.stop();
`;

/** Commits of the market wait for no standby, but for those a breakpoint makes wait for one that is not there. */
export async function prepareForBreakpoints(maintenanceUrl: string, database: string): Promise<void> {
  const client = new pg.Client({ connectionString: maintenanceUrl });
  await client.connect();
  try {
    await client.query(`alter database "${database}" set synchronous_commit = local`);
    await client.query("alter system set synchronous_standby_names = 'nobody'");
    await client.query("select pg_reload_conf()");
  } finally {
    await client.end();
  }
}

/**
 * Opens breakpoints on a migrated market database whose server was prepared for them.
 * @param url of the market's database
 */
export async function openBreakpoints(url: string): Promise<Breakpoints> {
  let session = await openSession(url);
  await session.client.query(SETUP);

  return {
    async stopAt(place, type, deadlineMs) {
      const { client } = session;
      session.notified = false;
      if (place === "inside") await client.query("select pg_advisory_lock($1)", [LOCK]);
      await client.query("insert into breakpoints.armed values ($1, $2)", [place, type]);
      const deadline = performance.now() + deadlineMs;
      while (!(await isReached(session, place))) {
        if (performance.now() > deadline) throw new Error(`no transaction with ${type} came within ${deadlineMs} ms`);
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
    },
    async release({ cutOff }) {
      const { client } = session;
      await client.query("delete from breakpoints.armed");
      if (cutOff) {
        await client.query(
          "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
        );
      } else {
        await client.query(
          "select pg_cancel_backend(pid) from pg_stat_activity where datname = current_database() and wait_event = 'SyncRep'",
        );
      }
      await client.query("select pg_advisory_unlock_all()");
    },
    async reconnect() {
      await session.client.end().catch(() => {});
      session = await openSession(url);
    },
    [Symbol.asyncDispose]: () => session.client.end(),
  };
}

interface Session {
  client: pg.Client;
  notified: boolean;
}

async function openSession(url: string): Promise<Session> {
  const client = new pg.Client({ connectionString: url });
  const session: Session = { client, notified: false };
  // A server that is killed takes this session with it: `reconnect` opens the next.
  client.on("error", () => {});
  client.on("notification", () => (session.notified = true));
  await client.connect();
  await client.query(`listen ${CHANNEL}`);
  return session;
}

async function isReached({ client, notified }: Session, place: BreakpointPlace): Promise<boolean> {
  if (place === "after") return notified;
  const { rows } = await client.query(
    place === "inside"
      ? `select 1 from pg_locks where locktype = 'advisory' and objid = ${LOCK} and not granted`
      : "select 1 from pg_stat_activity where datname = current_database() and wait_event = 'SyncRep'",
  );
  return rows.length > 0;
}
