import type { Address, RoundId } from "@stoa/protocol";
import type { EffectContext } from "./effect-context.ts";
import type { Servers } from "./join-servers.ts";

const CHANNEL = "stoa_servers";
/** PostgreSQL takes payloads of less than 8,000 bytes: so many nodes' addresses fit with all around them. */
const NODES_AT_ONCE = 120;

/**
 * What server processes tell one another of the moment. Nothing of it is kept: a signal that is lost makes a round last
 * its whole window, or a waiting task wait for its next look. It passes inside the database only, so that nothing of
 * an open round gets out.
 */
export interface ServerSignals {
  /** A node answered a round that another server may run. */
  answered(roundId: RoundId, node: Address): void;
  /** A node came, or hosts something else: waiting tasks may find takers. */
  look(): void;
  onAnswered(listener: (roundId: RoundId, node: Address) => void): void;
  onLook(listener: () => void): void;
}

interface Told {
  answered?: Record<RoundId, Address[]>;
  look?: boolean;
}

type SignalsContext = Pick<EffectContext, "database" | "log" | "signal"> & { servers: Servers };

/** Opens the signals between servers; what one turn of the event loop tells goes in one statement. */
export function openServerSignals({ database, servers, log, signal }: SignalsContext): ServerSignals {
  const onAnswered = new Set<(roundId: RoundId, node: Address) => void>();
  const onLook = new Set<() => void>();
  let answered = new Map<RoundId, Address[]>();
  let look = false;
  let flushing: Promise<void> | undefined;

  function flushSoon(): void {
    if (servers.others && !signal.aborted) flushing ??= flush().finally(() => (flushing = undefined));
  }

  async function flush(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (answered.size > 0 || look) {
      const payloads = payloadsOf(answered, look);
      [answered, look] = [new Map(), false];
      for (const payload of payloads) {
        await database.query("select pg_notify($1, $2)", [CHANNEL, JSON.stringify(payload)]).catch((error: unknown) => {
          log.debug({ err: error }, "a signal to the other servers is lost");
        });
      }
    }
  }

  const stop = database.listen(CHANNEL, (payload) => {
    if (payload === null) return;
    const told = JSON.parse(payload) as Told;
    for (const [roundId, nodes] of Object.entries(told.answered ?? {}))
      for (const node of nodes) for (const listener of onAnswered) listener(roundId as RoundId, node);
    if (told.look) for (const listener of onLook) listener();
  });
  signal.addEventListener("abort", stop, { once: true });

  return {
    answered(roundId, node) {
      if (!servers.others) return;
      answered.set(roundId, [...(answered.get(roundId) ?? []), node]);
      flushSoon();
    },
    look() {
      if (!servers.others) return;
      look = true;
      flushSoon();
    },
    onAnswered: (listener) => void onAnswered.add(listener),
    onLook: (listener) => void onLook.add(listener),
  };
}

function payloadsOf(answered: ReadonlyMap<RoundId, readonly Address[]>, look: boolean): Told[] {
  const payloads: Told[] = look ? [{ look }] : [];
  for (const [roundId, nodes] of answered) {
    for (let from = 0; from < nodes.length; from += NODES_AT_ONCE)
      payloads.push({ answered: { [roundId]: nodes.slice(from, from + NODES_AT_ONCE) } });
  }
  return payloads;
}
