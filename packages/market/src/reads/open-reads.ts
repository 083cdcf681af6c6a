import type { Address, AgentVersionId, Hash, Manifest, TaskId } from "@stoa/protocol";
import { type AwardRecord, loadAwards, type Queryable } from "@stoa/store";
import { gather } from "./gather.ts";

/** An agent version that takes tasks of a capability. */
export interface OfferingAgent {
  versionId: AgentVersionId;
  name: string;
  manifest: Manifest;
}

/** What an acceptance is checked against. */
export interface DeliveredTask {
  requester: Address;
  sessionKey: Address | null;
  state: string;
  result: { hash: Hash } | null;
  /** The award's; null while there is none. */
  price: bigint | null;
}

/** What requests are checked against before they queue in the lane, which decides on what it reads itself. */
export interface Reads {
  award(hash: Hash): Promise<AwardRecord | undefined>;
  delivered(id: TaskId): Promise<DeliveredTask | undefined>;
  /** The active agents of a capability, the newest first. */
  agentsOf(capability: string): Promise<readonly OfferingAgent[]>;
  /** Whether an owner took an order's or a session key's number back on chain. */
  isRevoked(owner: Address, kind: "order" | "session", nonce: bigint): Promise<boolean>;
}

/** Opens the reads over a database; those of many requests share statements. */
export function openReads(database: Queryable): Reads {
  const award = gather(
    async (hashes) => new Map((await loadAwards(database, hashes as Hash[])).map((row) => [row.hash as string, row])),
  );
  const delivered = gather(async (ids) =>
    byKey(await database.query<DeliveredTask & { key: string }>(DELIVERED, [ids])),
  );
  const agents = gather((capabilities) => readAgents(database, capabilities));
  const revoked = gather(async (keys) => byKey(await database.query<{ key: string }>(REVOKED, [keys])));
  return {
    award,
    delivered,
    agentsOf: async (capability) => (await agents(capability)) ?? [],
    isRevoked: async (owner, kind, nonce) => (await revoked(`${owner}:${kind}:${nonce}`)) !== undefined,
  };
}

const DELIVERED = `select id as key, requester, session -> 'key' ->> 'key' as "sessionKey", tasks.state, result, price
     from tasks join orders on orders.task_id = id left join awards on awards.hash = award_hash
    where id = any($1::text[])`;

const REVOKED = `select key from unnest($1::text[]) as key
     join revocations on owner = split_part(key, ':', 1) and kind = split_part(key, ':', 2) and nonce = split_part(key, ':', 3)`;

async function readAgents(database: Queryable, capabilities: readonly string[]): Promise<Map<string, OfferingAgent[]>> {
  const rows = await database.query<OfferingAgent & { capabilities: string[] }>(
    `select version_id as "versionId", name, manifest, capabilities from agents
      where state = 'active' and capabilities && $1::text[] order by published_at desc, version_id`,
    [capabilities],
  );
  return new Map(
    capabilities.map((capability) => [capability, rows.filter((row) => row.capabilities.includes(capability))]),
  );
}

function byKey<Row extends { key: string }>(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.key, row]));
}
