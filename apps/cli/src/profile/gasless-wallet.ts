import { type Chain, type ChainSender, gaslessSender, rpcSponsor, walletAccount } from "@stoa/chain";
import { StoaError } from "@stoa/protocol";
import { createClient } from "@stoa/sdk";
import type { PrivateKeyAccount } from "viem";
import type { Profile } from "./resolve-profile.ts";

/**
 * Sends a wallet's calls as operations that the profile's market pays for and brings. The wallet signs each of them: the
 * market can refuse one, and change none.
 * @throws {StoaError} `invalid_configuration` when the market pays nobody's gas, or is on another chain
 */
export async function gaslessWallet(
  { url }: Pick<Profile, "url">,
  chain: Chain,
  wallet: PrivateKeyAccount,
): Promise<ChainSender> {
  const { market, gasless } = createClient({ url, signer: wallet });
  const { chainId, paymaster } = await market.info();
  if (paymaster === undefined)
    throw new StoaError("invalid_configuration", `the market at ${url} pays nobody's gas: send without --gasless`);
  if (chainId !== chain.chainId) {
    throw new StoaError(
      "invalid_configuration",
      `the market at ${url} pays gas on chain ${chainId}, this is ${chain.chainId}: send without --gasless`,
    );
  }
  const account = await walletAccount(chain, wallet);
  return gaslessSender({ chain, account, bundler: gasless, sponsor: rpcSponsor(chainId, gasless) });
}
