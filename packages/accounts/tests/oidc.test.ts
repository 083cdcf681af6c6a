import { randomUUID } from "node:crypto";
import { freePort } from "@stoa/host";
import type { Database } from "@stoa/store";
import { databaseKinds, type TestDatabase } from "@stoa/testkit";
import { signInAtProvider, startOidcProvider, type TestOidcProvider } from "@stoa/testkit/oidc-provider";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Principal } from "../src/index.ts";
import { CLIENT, code, openTestAccounts, principalOf, signInByKey, type TestAccounts } from "./accounts-fixture.ts";

const BACK_TO = "http://127.0.0.1:4000/auth/oidc/callback";

let opened: TestDatabase;
let database: Database;
let provider: TestOidcProvider;
beforeAll(async () => {
  opened = await databaseKinds[0]!.start();
  database = opened.database;
  provider = await startOidcProvider({ redirectUri: BACK_TO });
});
afterAll(async () => {
  await provider[Symbol.asyncDispose]();
  await opened[Symbol.asyncDispose]();
});

function setup(change: Partial<TestOidcProvider> = {}) {
  const { issuer, clientId, clientSecret } = { ...provider, ...change };
  const oidcProviders = [{ id: "example", name: "Example", issuer, clientId, clientSecret }];
  return openTestAccounts(database, { oidcProviders });
}

/** What somebody comes back with from the provider. */
async function comeBack({ accounts }: TestAccounts, login: string, principal: Principal | null = null) {
  const { url, ticket } = await accounts.startOidc("example", principal);
  const { search: query } = await signInAtProvider(url, { login, backTo: BACK_TO });
  return { ticket, query };
}

const newPerson = () => `person-${randomUUID()}`;

describe("a site that vouches for people", () => {
  test("signs a person in, to the same account each time", async () => {
    const parts = setup();
    const { accounts } = parts;
    expect(accounts.listOidcProviders()).toEqual([{ id: "example", name: "Example" }]);
    const person = newPerson();
    const first = await accounts.signInByOidc("example", await comeBack(parts, person), CLIENT);
    const second = await accounts.signInByOidc("example", await comeBack(parts, person), CLIENT);
    expect(second.account).toEqual(first.account);
    expect(first.account.address).toBeNull();
    const me = await principalOf(accounts, second);
    expect(await accounts.listIdentities(me)).toMatchObject({
      email: null,
      providers: [{ name: "Example", issuer: provider.issuer, subject: person }],
    });
    const other = await accounts.signInByOidc("example", await comeBack(parts, newPerson()), CLIENT);
    expect(other.account.id).not.toBe(first.account.id);
  });

  test("is believed once, and only by whoever began it", async () => {
    const parts = setup();
    const { accounts } = parts;
    const back = await comeBack(parts, newPerson());
    const elsewhere = await accounts.startOidc("example", null);
    await expect(accounts.signInByOidc("example", { ...back, ticket: "made up" }, CLIENT)).rejects.toEqual(
      code("invalid_token"),
    );
    const crossed = { ...back, ticket: elsewhere.ticket };
    await expect(accounts.signInByOidc("example", crossed, CLIENT)).rejects.toEqual(code("unauthorized"));
    await accounts.signInByOidc("example", back, CLIENT);
    await expect(accounts.signInByOidc("example", back, CLIENT)).rejects.toEqual(code("invalid_token"));
    const late = await comeBack(parts, newPerson());
    parts.clock.now += 900_001;
    await expect(accounts.signInByOidc("example", late, CLIENT)).rejects.toEqual(code("invalid_token"));
  });

  test("a code or an answer that was altered, or another's, signs nobody in", async () => {
    const parts = setup();
    const { accounts } = parts;
    const alter = async (change: (query: URLSearchParams) => void) => {
      const { ticket, query } = await comeBack(parts, newPerson());
      const altered = new URLSearchParams(query);
      change(altered);
      return accounts.signInByOidc("example", { ticket, query: `?${altered}` }, CLIENT);
    };
    const victim = new URLSearchParams((await comeBack(parts, newPerson())).query);
    await expect(alter((query) => query.set("code", "made-up"))).rejects.toEqual(code("unauthorized"));
    await expect(alter((query) => query.set("code", victim.get("code")!))).rejects.toEqual(code("unauthorized"));
    await expect(alter((query) => query.set("iss", "http://evil.example"))).rejects.toEqual(code("unauthorized"));
    await expect(alter((query) => query.delete("state"))).rejects.toEqual(code("unauthorized"));
    const { url, ticket } = await accounts.startOidc("example", null);
    const { search } = await signInAtProvider(url, { login: "anybody", backTo: BACK_TO, answer: "refuse" });
    await expect(accounts.signInByOidc("example", { ticket, query: search }, CLIENT)).rejects.toThrow(/aborted/);
  });

  test("signs in to an account it is linked to, and takes nobody's", async () => {
    const parts = setup();
    const { accounts } = parts;
    const wallet = await signInByKey(parts);
    const me = await principalOf(accounts, wallet);
    const person = newPerson();
    const back = await comeBack(parts, person, me);
    const stranger = await principalOf(accounts, await signInByKey(parts));
    await expect(accounts.linkOidc(stranger, "example", back)).rejects.toEqual(code("invalid_token"));
    await accounts.linkOidc(me, "example", await comeBack(parts, person, me));
    const signedIn = await accounts.signInByOidc("example", await comeBack(parts, person), CLIENT);
    expect(signedIn.account).toEqual(wallet.account);
    const again = await comeBack(parts, person, stranger);
    await expect(accounts.linkOidc(stranger, "example", again)).rejects.toEqual(code("identity_taken"));
    // What was begun to link is no sign-in, and the other way round.
    const toLink = await comeBack(parts, person, me);
    await expect(accounts.signInByOidc("example", toLink, CLIENT)).rejects.toEqual(code("invalid_token"));
    const toSignIn = await comeBack(parts, newPerson());
    await expect(accounts.linkOidc(me, "example", toSignIn)).rejects.toEqual(code("invalid_token"));
  });

  test("is unlinked again, unless nothing else signs in", async () => {
    const parts = setup();
    const { accounts } = parts;
    const me = await principalOf(accounts, await signInByKey(parts));
    const person = newPerson();
    await accounts.linkOidc(me, "example", await comeBack(parts, person, me));
    const [link] = (await accounts.listIdentities(me)).providers;
    const other = await principalOf(
      accounts,
      await accounts.signInByOidc("example", await comeBack(parts, newPerson()), CLIENT),
    );
    await expect(accounts.unlinkOidc(other, link!.id)).rejects.toEqual(code("not_found"));
    const [only] = (await accounts.listIdentities(other)).providers;
    await expect(accounts.unlinkOidc(other, only!.id)).rejects.toEqual(code("last_identity"));
    expect((await accounts.listIdentities(other)).providers).toHaveLength(1);
    await accounts.unlinkOidc(me, link!.id);
    const anew = await accounts.signInByOidc("example", await comeBack(parts, person), CLIENT);
    expect(anew.account.id).not.toBe(me.accountId);
  });

  test("does not go round an account's second factor", async () => {
    const parts = setup();
    const { accounts } = parts;
    const person = newPerson();
    const me = await principalOf(
      accounts,
      await accounts.signInByOidc("example", await comeBack(parts, person), CLIENT),
    );
    const { recoveryCodes } = await accounts.beginSecondFactor(me, {});
    await database.query("update accounts set two_factor_enabled = true where id = $1", [me.accountId]);
    const refused = await accounts
      .signInByOidc("example", await comeBack(parts, person), CLIENT)
      .catch((error: unknown) => error);
    expect(refused).toEqual(code("second_factor_needed"));
    const { ticket } = (refused as { details: { ticket: string } }).details;
    await expect(accounts.signInByCode({ ticket, code: "00000-00000" }, CLIENT)).rejects.toEqual(code("wrong_code"));
    const { account } = await accounts.signInByCode({ ticket, code: recoveryCodes[0]! }, CLIENT);
    expect(account.id).toBe(me.accountId);
    await expect(accounts.signInByCode({ ticket, code: recoveryCodes[1]! }, CLIENT)).rejects.toEqual(
      code("invalid_token"),
    );
  });

  test("that is away, or unknown, is told apart from a person who may not", async () => {
    const port = await freePort();
    const parts = setup({ issuer: `http://127.0.0.1:${port}` });
    await expect(parts.accounts.startOidc("example", null)).rejects.toEqual(code("provider_unavailable"));
    await expect(parts.accounts.startOidc("other", null)).rejects.toEqual(code("not_found"));
    await using late = await startOidcProvider({ redirectUri: BACK_TO, port });
    expect((await parts.accounts.startOidc("example", null)).url).toContain(late.issuer);
  });

  test("gives no code to a server with another secret", async () => {
    const parts = setup({ clientSecret: "wrong" });
    const back = await comeBack(parts, newPerson());
    await expect(parts.accounts.signInByOidc("example", back, CLIENT)).rejects.toEqual(code("unauthorized"));
  });
});
