import { execFileSync } from "node:child_process";
import { openAccounts } from "@stoa/accounts";
import type { StoaError } from "@stoa/protocol";
import { createClient } from "@stoa/sdk";
import { databaseKinds, randomKey, type TestDatabase } from "@stoa/testkit";
import { testAuthenticator } from "@stoa/testkit/authenticator";
import { findProgram, installPackages } from "@stoa/testkit/debian";
import { signInAtProvider, startOidcProvider } from "@stoa/testkit/oidc-provider";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startHttp } from "./http-fixture.ts";

const ORIGIN = "http://localhost:4000";
const BACK_TO = `${ORIGIN}/auth/oidc/callback`;

let opened: TestDatabase;
beforeAll(async () => {
  opened = await databaseKinds[0]!.start();
});
afterAll(() => opened[Symbol.asyncDispose]());

function accountsOf(oidcProviders: Parameters<typeof openAccounts>[0]["oidcProviders"] = []) {
  const secret = "a secret of more than thirty-two characters";
  return openAccounts({ database: opened.database, secret, baseUrl: ORIGIN, chainId: 31_337, oidcProviders });
}

test("a person signs in by another site, links another of its persons, unlinks one, and is asked for a second factor, through the API", async () => {
  await using provider = await startOidcProvider({ redirectUri: BACK_TO });
  const { issuer, clientId, clientSecret } = provider;
  const accounts = accountsOf([{ id: "example", name: "Example", issuer, clientId, clientSecret }]);
  await using http = await startHttp(opened.database, { accounts });
  const client = createClient({ url: http.url });
  const [site] = await client.auth.listOidcProviders();
  expect(site).toEqual({ id: "example", name: "Example" });
  const comeBack = async ({ url, ticket }: { url: string; ticket: string }, login: string) => {
    const { search: query } = await signInAtProvider(url, { login, backTo: BACK_TO });
    return { ticket, query };
  };
  const started = await client.auth.startOidc("example");
  await client.auth.signInByOidc("example", await comeBack(started, "ada"));
  const { account } = await client.auth.session();
  await client.auth.linkOidc("example", await comeBack(await client.auth.startOidcLink("example"), "ada-at-work"));
  const { providers } = await client.auth.identities();
  expect(providers.map(({ subject }) => subject)).toEqual(["ada", "ada-at-work"]);
  await client.auth.unlinkOidc(providers[0]!.id);
  const other = createClient({ url: http.url });
  await other.auth.signInByOidc("example", await comeBack(await other.auth.startOidc("example"), "ada-at-work"));
  expect((await other.auth.session()).account).toEqual(account);

  const { recoveryCodes } = await other.auth.beginSecondFactor();
  await opened.database.query("update accounts set two_factor_enabled = true where id = $1", [account.id]);
  const again = createClient({ url: http.url });
  const back = await comeBack(await again.auth.startOidc("example"), "ada-at-work");
  const asked = (await again.auth.signInByOidc("example", back).catch((error: unknown) => error)) as StoaError;
  expect(asked.code).toBe("second_factor_needed");
  await again.auth.signInByCode({ ticket: String(asked.details?.["ticket"]), code: recoveryCodes[0]! });
  expect((await again.auth.session()).account).toEqual(account);
  expect(String((await http.call("GET", "/auth/oidc/callback")).body)).toContain("/auth/oidc-callback.js");
});

test("a passkey is added, signs in and is removed, through the API", async () => {
  await using http = await startHttp(opened.database, { accounts: accountsOf() });
  const client = createClient({ url: http.url, signer: randomKey() });
  const asked = ({ options }: { options: Record<string, unknown> }) => ({
    challenge: String(options["challenge"]),
    rpId: "localhost",
    origin: ORIGIN,
  });
  const device = testAuthenticator();
  const credential = device.make(asked(await client.auth.startPasskey()));
  const passkey = await client.auth.addPasskey({ name: "laptop", credential });
  const other = createClient({ url: http.url });
  await other.auth.signInByPasskey({ credential: device.sign(asked(await other.auth.startPasskeySignIn())) });
  expect((await other.auth.session()).account).toEqual((await client.auth.session()).account);
  await other.auth.removePasskey(passkey.id);
  expect((await client.auth.identities()).passkeys).toEqual([]);
});

const missing = installPackages({ oathtool: "oathtool" });

test.skipIf(missing !== undefined)(
  `a second factor is turned on and off, and its codes are renewed, through the API${missing === undefined ? "" : ` (${missing})`}`,
  async () => {
    await using http = await startHttp(opened.database, { accounts: accountsOf() });
    const client = createClient({ url: http.url, signer: randomKey() });
    const { uri } = await client.auth.beginSecondFactor();
    const secret = new URL(uri).searchParams.get("secret")!;
    const code = execFileSync(findProgram("oathtool")!, ["--totp", "--base32", secret], { encoding: "utf8" }).trim();
    await client.auth.confirmSecondFactor(code);
    expect(await client.auth.identities()).toMatchObject({ hasSecondFactor: true });
    await expect(client.auth.renewRecoveryCodes({ code: "00000-00000" })).rejects.toMatchObject({ code: "wrong_code" });
    const soon = ["--totp", "--base32", "--now", `@${Math.floor(Date.now() / 1000) + 30}`, secret];
    const next = execFileSync(findProgram("oathtool")!, soon, { encoding: "utf8" }).trim();
    const { recoveryCodes } = await client.auth.renewRecoveryCodes({ code: next });
    await client.auth.endSecondFactor({ code: recoveryCodes[0]! });
    expect(await client.auth.identities()).toMatchObject({ hasSecondFactor: false });
  },
);

test("what is changed of an account is its own session's to change, not a key's", async () => {
  await using http = await startHttp(opened.database);
  const key = await http.keyOf(randomKey(), ["tasks:read", "tasks:write", "agents:write", "account:read"]);
  const client = createClient({ url: http.url, apiKey: key });
  const refusals = [
    () => client.auth.identities(),
    () => client.auth.listSessions(),
    () => client.auth.linkWallet(randomKey()),
    () => client.auth.joinEmail({ email: "a@example.org", password: "seven brown umbrellas" }),
    () => client.auth.startPasskey(),
    () => client.auth.beginSecondFactor(),
    () => client.auth.createServiceAccount("x"),
    () => client.auth.createKey({ name: "x", scopes: ["tasks:read"] }),
  ];
  for (const refusal of refusals) await expect(refusal()).rejects.toMatchObject({ code: "forbidden" });
});
