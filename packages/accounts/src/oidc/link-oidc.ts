import { StoaError } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";
import { tellHolder } from "../email/tell-holder.ts";
import type { Principal } from "../principal.ts";
import { linkPerson } from "./link-person.ts";
import { type OidcReturn, provePerson } from "./prove-person.ts";

/**
 * Links whom a site vouches for to the caller's account, which must have begun it.
 * @throws {StoaError} `identity_taken` when they are linked to an account already; as {@link provePerson}
 */
export async function linkOidc(
  context: AccountsContext,
  { accountId }: Principal,
  provider: string,
  given: OidcReturn,
): Promise<void> {
  const person = await provePerson(context, given, { provider, accountId });
  await context.database.transaction(async (tx) => {
    if (await linkPerson(tx, { accountId, person, now: context.now() }))
      return tellHolder(context, tx, accountId, "linked sites");
    throw new StoaError(
      "identity_taken",
      `whoever signed in at ${context.oidc.get(provider).name} has an account already`,
    );
  });
}
