import { StoaError } from "@stoa/protocol";
import { accountQuery } from "../data/account.ts";
import { marketQuery } from "../data/market.ts";
import { reader } from "../market/connection.ts";
import { queryClient } from "../market/query-client.ts";
import { sessionStore } from "../market/session-store.ts";
import { deposit, makeTestMoney } from "./money.ts";
import { walletOf } from "./open-wallet.ts";
import { signIn } from "./sign-in.ts";
import { keptWallet } from "./wallet-kind.ts";

export type GuestStep = "wallet" | "money" | "deposit" | "ready";

/** Test dollars a guest starts with, in whole units of the token. */
const START_WITH = 10n;
const POLL_MS = 300;
const GIVE_UP_MS = 60_000;

/**
 * Makes sure that somebody is signed in who can pay: whoever is, or else a guest with a wallet of this page's own and
 * test money in the vault.
 * @param atLeast what the account must be able to spend, in the token's smallest unit
 */
export async function becomeGuest(atLeast: bigint, onStep: (step: GuestStep) => void): Promise<void> {
  if (!sessionStore.read()) {
    onStep("wallet");
    await signIn({ kind: "guest" });
  }
  const { balances } = await reader.account.get();
  if (keptWallet()?.kind === "guest" && BigInt(balances.available) < atLeast) await bringTestMoney(onStep);
  onStep("ready");
}

/** Makes test money and waits until the market has seen its deposit. */
export async function bringTestMoney(onStep: (step: GuestStep) => void): Promise<void> {
  const market = await queryClient.ensureQueryData(marketQuery);
  const wallet = await walletOf(market, { kind: "guest" });
  const amount = START_WITH * 10n ** BigInt(market.token.decimals);
  const before = BigInt((await reader.account.get()).balances.available);
  onStep("money");
  await makeTestMoney(wallet, market, amount);
  onStep("deposit");
  await deposit(wallet, market, amount);
  for (const giveUpAt = Date.now() + GIVE_UP_MS; ;) {
    const account = await queryClient.fetchQuery({ ...accountQuery(true), staleTime: 0 });
    if (BigInt(account.balances.available) > before) return;
    if (Date.now() > giveUpAt)
      throw new StoaError("server_unavailable", "the market has not seen the deposit within a minute");
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
