import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { Queryable } from "@stoa/store";

/** What a token is good for; each for one thing, once. */
export type ProofKind = "confirm-email" | "reset-password" | "oidc" | "second-factor" | "passkey" | "passkey-sign-in";

const identifierOf = (kind: ProofKind, token: string) => `${kind}:${createHash("sha256").update(token).digest("hex")}`;

/**
 * Keeps a value until whoever has its token comes for it. Only the token's hash is kept.
 * @param expiresAt epoch milliseconds
 * @returns the token
 */
export async function createProof(
  tx: Queryable,
  kind: ProofKind,
  { value, expiresAt }: { value: object; expiresAt: number },
): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  await tx.query("insert into verifications (id, identifier, value, expires_at) values ($1, $2, $3, $4)", [
    randomUUID(),
    identifierOf(kind, token),
    JSON.stringify(value),
    new Date(expiresAt),
  ]);
  return token;
}

/** The value that a token stands for, which stays good; null when it is unknown, was used or has expired. */
export async function findProof<Value>(
  database: Queryable,
  kind: ProofKind,
  { token, now }: { token: string; now: number },
): Promise<Value | null> {
  const [row] = await database.query<{ value: string }>(
    "select value from verifications where identifier = $1 and expires_at > $2",
    [identifierOf(kind, token), new Date(now)],
  );
  return row ? (JSON.parse(row.value) as Value) : null;
}

/** The value that a token stands for, once; null when it is unknown, was used or has expired. */
export async function takeProof<Value>(
  tx: Queryable,
  kind: ProofKind,
  { token, now }: { token: string; now: number },
): Promise<Value | null> {
  const [row] = await tx.query<{ value: string }>(
    "delete from verifications where identifier = $1 and expires_at > $2 returning value",
    [identifierOf(kind, token), new Date(now)],
  );
  return row ? (JSON.parse(row.value) as Value) : null;
}
