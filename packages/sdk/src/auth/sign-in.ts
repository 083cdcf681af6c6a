import { type NonceResponse, type SessionTokens, StoaError } from "@stoa/protocol";
import { createSiweMessage } from "viem/siwe";
import type { Connection } from "../connection.ts";
import type { WalletSigner } from "../credentials.ts";
import { requestJson } from "../http/request.ts";

/**
 * Signs in with a wallet (EIP-4361): asks for a nonce, signs the message, gets a session. A server that went away in
 * between may have used the nonce without saying so: what is refused is tried once more, with another.
 * @throws {StoaError} `unauthorized`
 */
export async function signIn(connection: Connection, signer: WalletSigner): Promise<SessionTokens> {
  return signInOnce(connection, signer).catch((error: unknown) => {
    if (!(error instanceof StoaError) || error.code !== "unauthorized") throw error;
    return signInOnce(connection, signer);
  });
}

async function signInOnce(connection: Connection, signer: WalletSigner): Promise<SessionTokens> {
  const { nonce, domain, uri, chainId } = await requestJson<NonceResponse>(connection, "/auth/siwe/nonce", {
    method: "POST",
    body: { address: signer.address },
    anonymous: true,
    repeatable: true,
  });
  const message = createSiweMessage({
    address: signer.address,
    chainId,
    domain,
    nonce,
    uri,
    version: "1",
    statement: "Sign in to Stoa.",
  });
  const signature = await signer.signMessage({ message });
  return requestJson<SessionTokens>(connection, "/auth/siwe/verify", {
    method: "POST",
    body: { message, signature },
    anonymous: true,
  });
}
