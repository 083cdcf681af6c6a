import { type Account, AccountSchema } from "@stoa/protocol";
import { sumBalances } from "@stoa/store";
import type { App } from "../../http/app.ts";
import { callerOf } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";

/** What an account without a wallet has. */
const NOTHING = { available: 0n, held: 0n, earmarked: 0n, withdrawing: 0n, staked: 0n, unstaking: 0n, bonded: 0n };

/** `GET /api/v1/account`: the caller and what the ledger says it has. */
export function showAccount(app: App, { database }: HttpContext): void {
  app.get(
    "/account",
    { schema: { summary: "Show the caller's account", response: { 200: AccountSchema } } },
    async (request): Promise<Account> => {
      const { accountId, address, roles } = callerOf(request);
      const balances = address === null ? NOTHING : await sumBalances(database, address);
      const { available, held, earmarked, withdrawing, staked, unstaking, bonded } = balances;
      return {
        id: accountId,
        address,
        roles: [...roles],
        balances: {
          available: available.toString(),
          held: held.toString(),
          earmarked: earmarked.toString(),
          withdrawing: withdrawing.toString(),
          staked: staked.toString(),
          unstaking: unstaking.toString(),
          bonded: bonded.toString(),
        },
      };
    },
  );
}
