import { databaseKinds } from "@stoa/testkit";
import { expect, test } from "vitest";
import { code, openTestAccounts, principalOf, signInByKey } from "./accounts-fixture.ts";

test("a session that signed in long ago changes nothing of what signs in, however often it was renewed", async () => {
  await using opened = await databaseKinds[0]!.start();
  const oidcProviders = [{ id: "example", name: "E", issuer: "http://127.0.0.1:9", clientId: "c", clientSecret: "s" }];
  const parts = openTestAccounts(opened.database, { oidcProviders });
  const { accounts, clock } = parts;
  const first = await signInByKey(parts);
  clock.now += 31 * 60_000;
  const renewed = await accounts.refresh(first.refreshToken);
  const old = await principalOf(accounts, renewed);
  const [wallet] = (await accounts.listIdentities(old)).wallets;
  const changes = {
    "an e-mail address": () =>
      accounts.requestEmail(old, { email: "a@example.org", password: "seven brown umbrellas" }),
    "a wallet": () => accounts.createLinkNonce(old),
    "no wallet": () => accounts.unlinkWallet(old, wallet!.id),
    "a site": () => accounts.startOidc("example", old),
    "no site": () => accounts.unlinkOidc(old, "any"),
    "a passkey": () => accounts.startPasskey(old),
    "no passkey": () => accounts.removePasskey(old, "any"),
    "a second factor": () => accounts.beginSecondFactor(old, {}),
  };
  for (const [what, change] of Object.entries(changes))
    await expect(change(), what).rejects.toEqual(code("sign_in_again"));
  const fresh = await principalOf(accounts, await signInByKey(parts));
  expect((await accounts.createLinkNonce(fresh)).statement).toContain(fresh.accountId);
});
