import { accessOf, buyAccess } from "@stoa/chain";
import { StoaError } from "@stoa/protocol";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts } from "../contracts/open-contracts.ts";
import { requireInWallet } from "../contracts/require-in-wallet.ts";
import { tellSent } from "../contracts/tell-sent.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";
import { instant } from "../terminal/instant.ts";
import { parseNumber } from "../terminal/parse-number.ts";
import { requireListing } from "./require-listing.ts";

interface Options extends ChainOptions {
  maxPrice: string;
  testMoney?: boolean;
}

export function buy(cli: Cli): Command {
  return contractVerb("buy", "buy access to an agent, or more of it", ["stoa entitlement buy 7 --max-price 10"])
    .argument("<agent>", "the agent's number on chain")
    .requiredOption("--max-price <amount>", "what it may cost at most")
    .option("--test-money", "on a local chain: make the price, and gas, first")
    .action((agent: string, _options: unknown, self: Command) => run(cli, agent, self.optsWithGlobals()));
}

async function run(cli: Cli, agent: string, options: Options): Promise<void> {
  const agentId = parseNumber(agent, "an agent's number");
  const contracts = await openContracts(cli, options);
  const sale = contracts.at("entitlements");
  // The contract takes the listing as it was read or nothing, so a price cannot change under the purchase.
  const listing = await requireListing(contracts, agentId);
  const { token, price } = listing.terms;
  const { money } = contracts;
  // A price is compared in one money alone.
  if (token.toLowerCase() !== contracts.token.toLowerCase()) {
    throw new StoaError(
      "invalid_price",
      `access to agent ${agentId} is sold for the token ${token}, the market's is ${contracts.token}`,
    );
  }
  const most = money.parse(options.maxPrice);
  if (price > most) {
    throw new StoaError(
      "invalid_price",
      `access to agent ${agentId} costs ${money.format(price)}, --max-price is ${money.format(most)}`,
    );
  }
  const sender = await contracts.sender();
  await requireInWallet(sender, { token, amount: price, money, what: "access costs", testMoney: options.testMoney });
  cli.terminal.waiting(`buying access for ${money.format(price)}`);
  const txHash = await buyAccess(sender, { sale, agentId, listing });
  const access = await accessOf(contracts.chain, { sale, account: sender.address, agentId });
  const until = instant(access.expiresAt);
  tellSent(cli, {
    text: `bought access to agent ${agentId} for ${money.format(price)}, ${until === null ? "without an end" : `until ${until}`}`,
    txHash,
    facts: { agentId, holder: sender.address, token, price, ...access, expiresAt: until },
    ...(access.isFinal ? {} : { hint: `It can be returned for a while: stoa entitlement refund ${agentId}` }),
  });
}
