import {
  createSponsor,
  directBundler,
  type GaslessService,
  gaslessService,
  paymasterStatus,
  rpcBundler,
  sponsorsMarket,
} from "@stoa/chain";
import { StoaError } from "@stoa/protocol";
import type { ServerConfig } from "../config.ts";
import type { Foundation } from "../open-foundation.ts";

const WEI_PER_GWEI = 1_000_000_000n;

/**
 * Opens what the market pays for wallets without ether; null when it has no paymaster. The budgets are counted in this
 * process, and once more by the paymaster for all processes together.
 * @throws {StoaError} `invalid_configuration` when the operator's key is not the paymaster's sponsor
 */
export async function openGasless(
  { chain, sender, operator, market, nodesContract, claimBatches, token }: Foundation,
  config: ServerConfig,
): Promise<GaslessService | null> {
  const { paymaster, bundlerUrl, sponsored, sponsorAccountGwei, sponsorDayGwei } = config;
  if (!paymaster) return null;
  const status = await paymasterStatus(chain, paymaster);
  if (status.sponsor !== operator.address) {
    throw new StoaError(
      "invalid_configuration",
      `the paymaster's sponsor is ${status.sponsor}, the key in ${config.operatorKeyFile} is ${operator.address}'s`,
    );
  }
  const contracts = [market.terms.domain.vault, claimBatches, nodesContract, ...sponsored];
  return gaslessService({
    chainId: chain.chainId,
    paymaster,
    bundler: bundlerUrl === undefined ? directBundler(sender) : rpcBundler(bundlerUrl),
    sponsor: createSponsor(chain, {
      paymaster,
      signer: operator,
      sponsors: sponsorsMarket(contracts, token.address),
      budgets: {
        perAccount: BigInt(sponsorAccountGwei) * WEI_PER_GWEI,
        perDay: BigInt(sponsorDayGwei) * WEI_PER_GWEI,
      },
    }),
  });
}
