import { randomUUID } from "node:crypto";
import type { Queryable } from "@stoa/store";
import { generateSiweNonce } from "viem/siwe";
import type { AccountsContext } from "../accounts-context.ts";

/** How long a message may take to be signed. */
const NONCE_MS = 900_000;

/** What a nonce was given for: a message with it does nothing else. */
export type NonceUse = "sign-in" | `link:${string}`;

const identifierOf = (nonce: string) => `wallet-nonce:${nonce}`;

export async function giveNonce(
  { database, now }: AccountsContext,
  use: NonceUse,
): Promise<{ nonce: string; expiresAt: string }> {
  const nonce = generateSiweNonce();
  const expiresAt = new Date(now() + NONCE_MS);
  await database.query("delete from verifications where expires_at < $1", [new Date(now())]);
  await database.query("insert into verifications (id, identifier, value, expires_at) values ($1, $2, $3, $4)", [
    randomUUID(),
    identifierOf(nonce),
    use,
    expiresAt,
  ]);
  return { nonce, expiresAt: expiresAt.toISOString() };
}

/** Uses a nonce up. @returns whether it was given for this, and is still good */
export async function takeNonce(
  tx: Queryable,
  { nonce, use, now }: { nonce: string; use: NonceUse; now: number },
): Promise<boolean> {
  const taken = await tx.query(
    "delete from verifications where identifier = $1 and value = $2 and expires_at > $3 returning id",
    [identifierOf(nonce), use, new Date(now)],
  );
  return taken.length > 0;
}
