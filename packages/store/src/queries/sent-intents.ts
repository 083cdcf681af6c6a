import type { Address, Hash } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

/** Whose intents, and on which chain. */
export interface SendingKey {
  chainId: number;
  sender: Address;
}

/** One intent as it is kept; what is in it is its sender's business. */
export interface SentIntentRow {
  id: Hash;
  intent: Record<string, unknown>;
  transactions: { nonce: number }[];
  outcome: { state: string } | null;
}

/** How long what is settled is remembered: the same request is known again until then. */
const REMEMBERED_DAYS = 30;
/** PostgreSQL's word for a row that another one stands in the way of. */
const UNIQUE_VIOLATION = "23505";
/** What is left of a failure: it may begin anew. */
const FAILED = "outcome ->> 'state' in ('reverted', 'refused')";

/**
 * Writes an intent down with its first transaction. An open one with the nonce, or one of its id that has not failed,
 * keeps everything as it is.
 * @returns whether it was written
 */
export async function beginSentIntent(
  database: Queryable,
  { chainId, sender }: SendingKey,
  { id, intent, transactions }: SentIntentRow,
): Promise<boolean> {
  const rows = await database.query(
    `insert into sent_intents (id, chain_id, sender, nonce, intent, transactions)
     select $1, $2::bigint, $3, $4::bigint, $5::jsonb, $6::jsonb
      where not exists (
        select 1 from sent_intents
         where chain_id = $2::bigint and sender = $3 and nonce = $4::bigint and outcome is null and id <> $1)
     on conflict do nothing
     returning id`,
    [id, chainId, sender, transactions.at(-1)?.nonce, JSON.stringify(intent), JSON.stringify(transactions)],
  );
  return rows.length > 0;
}

/** Forgets an intent that failed for good, so that it can begin anew. */
export async function dropFailedIntent(database: Queryable, id: Hash): Promise<void> {
  await database.query(`delete from sent_intents where id = $1 and ${FAILED}`, [id]);
}

/**
 * Adds a transaction to an open intent that has `known` until now.
 * @returns whether it was added: not when another open intent has the nonce, or this one has changed
 */
export async function addSentTransaction(
  database: Queryable,
  { chainId, sender }: SendingKey,
  { id, known, transaction }: { id: Hash; known: number; transaction: { nonce: number } },
): Promise<boolean> {
  const adding = database.query(
    `update sent_intents set transactions = transactions || $5::jsonb, nonce = $4::bigint, changed_at = now()
      where id = $1 and outcome is null and jsonb_array_length(transactions) = $6::int
        and not exists (
          select 1 from sent_intents as other
           where other.chain_id = $2::bigint and other.sender = $3 and other.nonce = $4::bigint
             and other.outcome is null and other.id <> $1)
     returning id`,
    [id, chainId, sender, transaction.nonce, JSON.stringify([transaction]), known],
  );
  try {
    return (await adding).length > 0;
  } catch (error) {
    // Another process took the nonce between the look and the write.
    if ((error as { code?: string }).code === UNIQUE_VIOLATION) return false;
    throw error;
  }
}

/** Ends an open intent that has `known` transactions until now, and forgets what was settled long ago. */
export async function settleSentIntent(
  database: Queryable,
  { id, known, outcome }: { id: Hash; known: number; outcome: { state: string } },
): Promise<void> {
  await database.query(
    `update sent_intents set outcome = $2::jsonb, changed_at = now()
      where id = $1 and outcome is null and jsonb_array_length(transactions) = $3::int`,
    [id, JSON.stringify(outcome), known],
  );
  await database.query(
    `delete from sent_intents where outcome is not null and changed_at < now() - interval '${REMEMBERED_DAYS} days'`,
  );
}

const COLUMNS = "select id, intent, transactions, outcome from sent_intents";

export async function findSentIntent(database: Queryable, id: Hash): Promise<SentIntentRow | null> {
  const [row] = await database.query<SentIntentRow>(`${COLUMNS} where id = $1`, [id]);
  return row ?? null;
}

/** The intents, settled or not, whose newest transaction has the nonce. */
export function listSentOfNonce(database: Queryable, key: SendingKey, nonce: number): Promise<SentIntentRow[]> {
  return database.query<SentIntentRow>(
    `${COLUMNS} where chain_id = $1::bigint and sender = $2 and nonce = $3::bigint`,
    [key.chainId, key.sender, nonce],
  );
}

/** The intents without an outcome, by nonce. */
export function listOpenIntents(database: Queryable, { chainId, sender }: SendingKey): Promise<SentIntentRow[]> {
  return database.query<SentIntentRow>(
    `${COLUMNS} where chain_id = $1::bigint and sender = $2 and outcome is null order by nonce`,
    [chainId, sender],
  );
}
