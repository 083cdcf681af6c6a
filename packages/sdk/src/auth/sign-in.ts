import type { NonceResponse, SessionTokens } from "@stoa/protocol";
import { createSiweMessage } from "viem/siwe";
import type { Connection } from "../connection.ts";
import type { WalletSigner } from "../credentials.ts";
import { requestJson } from "../http/request.ts";

/** Signs in with a wallet (EIP-4361): asks for a nonce, signs the message, gets a session. */
export async function signIn(connection: Connection, signer: WalletSigner): Promise<SessionTokens> {
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
