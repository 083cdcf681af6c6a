import type { LinkNonce, NonceResponse } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";
import type { Principal } from "../principal.ts";
import { requireFreshSignIn } from "../sessions/require-fresh-sign-in.ts";
import { giveNonce } from "./nonces.ts";

/** Makes a nonce for one wallet sign-in, and says what the message to sign must name. */
export async function createNonce(context: AccountsContext): Promise<NonceResponse> {
  const { domain, baseUrl, chainId } = context;
  return { ...(await giveNonce(context, "sign-in")), domain, uri: baseUrl, chainId };
}

/** What the message that links a wallet says to whoever signs it: it cannot pass for a sign-in. */
export function linkStatement(accountId: string): string {
  return `Link this wallet to the Stoa account ${accountId}.`;
}

/** Makes a nonce for linking one wallet to the caller's account, and says what the message to sign must name and state. */
export async function createLinkNonce(context: AccountsContext, principal: Principal): Promise<LinkNonce> {
  const { accountId } = principal;
  await requireFreshSignIn(context, principal);
  const { domain, baseUrl, chainId } = context;
  const given = await giveNonce(context, `link:${accountId}`);
  return { ...given, domain, uri: baseUrl, chainId, statement: linkStatement(accountId) };
}
