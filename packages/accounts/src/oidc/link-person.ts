import { randomUUID } from "node:crypto";
import type { Queryable } from "@stoa/store";
import type { ProvenPerson } from "./prove-person.ts";

/** Links whom a site vouches for to an account. @returns whether that was done: somebody may be linked already */
export async function linkPerson(
  tx: Queryable,
  { accountId, person, now }: { accountId: string; person: ProvenPerson; now: number },
): Promise<boolean> {
  const linked = await tx.query(
    `insert into credentials (id, account_id, provider_id, provider_account_id, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $5) on conflict (provider_id, provider_account_id) do nothing returning id`,
    [randomUUID(), accountId, person.issuer, person.subject, new Date(now)],
  );
  return linked.length > 0;
}
