import { type MarketInfo, StoaError } from "@stoa/protocol";
import { type Anchors, openAnchors } from "./open-anchors.ts";

/**
 * Opens the anchors on the market's chain.
 * @param rpcUrl the endpoint to ask; the one the market names when undefined, which then must be believed
 * @throws {StoaError} `invalid_configuration` when there is no endpoint, or it is of another chain
 */
export async function requireAnchors(info: MarketInfo, rpcUrl: string | undefined): Promise<Anchors> {
  const url = rpcUrl ?? info.rpcUrl;
  if (url === undefined)
    throw new StoaError(
      "invalid_configuration",
      "the market names no JSON-RPC endpoint to read anchors from: name one",
    );
  const anchors = openAnchors(url);
  const chainId = await anchors.chainId();
  if (chainId !== info.chainId)
    throw new StoaError("invalid_configuration", `${url} is chain ${chainId}, the market's is ${info.chainId}`);
  return anchors;
}
