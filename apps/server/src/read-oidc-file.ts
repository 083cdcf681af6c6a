import { readFile } from "node:fs/promises";
import type { OidcProvider } from "@stoa/accounts";
import { StoaError } from "@stoa/protocol";
import Type from "typebox";
import { Compile } from "typebox/schema";

const text = Type.String({ minLength: 1, maxLength: 2_000 });
const ProvidersSchema = Compile(
  Type.Array(
    Type.Object(
      {
        id: Type.String({ pattern: "^[a-z][a-z0-9-]{0,31}$" }),
        name: Type.String({ minLength: 1, maxLength: 64 }),
        issuer: Type.String({ pattern: "^https?://", maxLength: 2_000 }),
        clientId: text,
        clientSecret: text,
      },
      { additionalProperties: false },
    ),
  ),
);
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * Reads the sites that people may sign in by.
 * @throws {StoaError} `invalid_configuration` naming what is wrong; never what the file holds
 */
export async function readOidcFile(path: string | undefined): Promise<OidcProvider[]> {
  if (path === undefined) return [];
  const refuse = (reason: string, cause?: unknown) =>
    new StoaError("invalid_configuration", `STOA_OIDC_FILE ${path}: ${reason}`, { cause });
  let providers: unknown;
  try {
    providers = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw refuse("it cannot be read as JSON", cause);
  }
  if (!ProvidersSchema.Check(providers)) {
    const [, [problem]] = ProvidersSchema.Errors(providers);
    throw refuse(`${problem?.instancePath || "/"} ${problem?.message ?? "is not as it should be"}`);
  }
  const list = providers as OidcProvider[];
  for (const { id, issuer } of list) {
    if (!URL.canParse(issuer)) throw refuse(`the issuer of ${id} is no address`);
    const { protocol, hostname } = new URL(issuer);
    if (protocol !== "https:" && !LOOPBACK.test(hostname)) throw refuse(`the issuer of ${id} must be at https`);
  }
  if (new Set(list.map(({ id }) => id)).size < list.length) throw refuse("two sites have the same id");
  return list;
}
