import { RULE_VERSION } from "@stoa/core";
import {
  type Address,
  FIRST_PREVIOUS_HASH,
  type Hash,
  hashJson,
  limits,
  type OpeningTask,
  type RoundId,
  type RoundOpening,
  type RoundSnapshot,
  type Signature,
  signTyped,
  snapshotHash,
  sortSnapshot,
} from "@stoa/protocol";
import type { Queryable } from "@stoa/store";
import type { MarketContext } from "../context.ts";

export interface OpenedRound {
  roundId: RoundId;
  opening: RoundOpening;
  signature: Signature;
  /** Nodes to wait for before closing early. */
  waitedFor: Address[];
  /** Epoch milliseconds. */
  closesAt: number;
}

export interface AskedNode {
  node: Address;
  /** False for a node that is late too often: asked, but not waited for. */
  waitedFor: boolean;
}

/**
 * Opens a round over every waiting task of a capability, up to the published limit, in the order they came.
 * @returns null when no task waits, or a round of the capability is open, or was open meanwhile
 */
export async function openRound(
  context: MarketContext,
  request: { capability: string; asked: readonly AskedNode[] },
): Promise<OpenedRound | null> {
  const { capability, asked } = request;
  const { database, clock } = context;
  const [tasks, linked, previousHash] = await Promise.all([
    waitingTasks(database, capability, clock()),
    linkedNodes(database, asked, clock()),
    lastOutcomeHash(database, capability),
  ]);
  if (tasks.length === 0) return null;
  const openedAt = clock();
  const snapshot = snapshotOf(linked);
  const opening: RoundOpening = {
    segment: capability,
    ruleVersion: RULE_VERSION,
    feeBps: context.terms.feeBps,
    domain: context.terms.domain,
    operator: context.operator.address,
    tasks,
    asked: linked.map(({ node, provider }) => ({ node, provider })),
    windowMs: context.terms.roundWindowMs,
    openedAt,
    snapshotHash: snapshotHash(snapshot),
    previousHash,
  };
  const roundId = hashJson(opening) as RoundId;
  const signature = await signTyped(context.operator, context.terms.domain, "Opening", { roundId });
  const closesAt = opening.openedAt + opening.windowMs;
  const opened = await writeOpening(context, { roundId, opening, signature, snapshot, closesAt });
  if (!opened) return null;
  return {
    roundId,
    opening,
    signature,
    closesAt,
    waitedFor: linked.filter((node) => node.waitedFor).map(({ node }) => node),
  };
}

interface LinkedNode extends AskedNode {
  provider: Address;
}

/** The asked nodes whose provider's link still holds. */
export async function linkedNodes(
  database: Queryable,
  asked: readonly AskedNode[],
  now: number,
): Promise<LinkedNode[]> {
  const rows = await database.query<{ node: Address; provider: Address }>(
    "select id as node, provider from nodes where id = any($1::text[]) and (link ->> 'expiresAt')::numeric > $2::numeric",
    [asked.map(({ node }) => node), Math.ceil(now / 1_000)],
  );
  const providers = new Map(rows.map(({ node, provider }) => [node, provider]));
  return asked.flatMap((node) => {
    const provider = providers.get(node.node);
    return provider ? [{ ...node, provider }] : [];
  });
}

/** What is known of the nodes before the round opens. Reputation takes nothing off in rule version 1. */
function snapshotOf(asked: readonly AskedNode[]): RoundSnapshot {
  return sortSnapshot({
    nodes: asked.map(({ node, waitedFor }) => ({ node, penaltyBps: 0, waitedFor })),
    sameOwner: [],
  });
}

async function waitingTasks(database: Queryable, capability: string, now: number): Promise<OpeningTask[]> {
  const rows = await database.query<OpeningTask & { session: OpeningTask["session"] | null }>(
    `select id as "orderHash", "order", order_signature as signature, session, spec, input_bytes as "inputBytes"
       from tasks join orders on task_id = id where waiting and capability = $1 and deliver_by > $2::timestamptz
        and coalesce(spec ->> 'auction', 'sealed') = 'sealed'
        and (not_before is null or not_before <= $2::timestamptz)
      order by opened_at, id limit $3`,
    [capability, new Date(now).toISOString(), limits.tasksPerRound],
  );
  return rows.map(({ session, ...task }) => (session ? { ...task, session } : task));
}

async function lastOutcomeHash(database: Queryable, capability: string): Promise<Hash> {
  const [last] = await database.query<{ hash: Hash }>(
    "select outcome_hash as hash from rounds where capability = $1 and state = 'closed' order by position desc limit 1",
    [capability],
  );
  return last?.hash ?? FIRST_PREVIOUS_HASH;
}

interface Opening {
  roundId: RoundId;
  opening: RoundOpening;
  signature: Signature;
  snapshot: RoundSnapshot;
  closesAt: number;
}

function writeOpening(
  context: MarketContext,
  { roundId, opening, signature, snapshot, closesAt }: Opening,
): Promise<boolean> {
  let free = false;
  return context.lane.run({
    name: "open-round",
    owns: [`segment:${opening.segment}`],
    async load(tx) {
      const open = await tx.query("select 1 from rounds where capability = $1 and state = 'open'", [opening.segment]);
      free = open.length === 0 && (await lastOutcomeHash(tx, opening.segment)) === opening.previousHash;
    },
    decide(set) {
      if (!free) return false;
      set.defer((tx) =>
        tx.query(
          `insert into rounds (id, capability, state, opening, opening_signature, snapshot, opened_at, closes_at)
           values ($1, $2, 'open', $3::json, $4, $5::json, $6::timestamptz, $7::timestamptz)`,
          [
            roundId,
            opening.segment,
            JSON.stringify(opening),
            signature,
            JSON.stringify(snapshot),
            new Date(opening.openedAt).toISOString(),
            new Date(closesAt).toISOString(),
          ],
        ),
      );
      set.emit({
        type: "round.opened",
        audience: null,
        data: {
          roundId,
          capability: opening.segment,
          tasks: opening.tasks.length,
          nodes: opening.asked.length,
          closesAt,
        },
      });
      return true;
    },
  });
}
