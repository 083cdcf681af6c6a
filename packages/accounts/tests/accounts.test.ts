import { StoaError } from "@stoa/protocol";
import type { Database } from "@stoa/store";
import { databaseKinds, type TestDatabase } from "@stoa/testkit";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { createSiweMessage } from "viem/siwe";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAccounts } from "../src/index.ts";

const BASE_URL = "http://127.0.0.1:4000";
const CHAIN_ID = 31_337;
const CLIENT = { address: "203.0.113.5", userAgent: "test" };
const SECRET = "a secret of more than thirty-two characters";

describe.each(databaseKinds.filter(({ name }) => name !== "PGlite in a folder"))("accounts on $name", (kind) => {
  let opened: TestDatabase;
  let database: Database;
  let clock = Date.now();

  beforeAll(async () => {
    opened = await kind.start();
    database = opened.database;
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  function setup() {
    const options = { database, baseUrl: BASE_URL, chainId: CHAIN_ID, now: () => clock };
    const accounts = openAccounts({ ...options, secret: SECRET });
    return { accounts, options, wallet: privateKeyToAccount(generatePrivateKey()) };
  }

  async function signedMessage(
    { accounts, wallet }: Pick<ReturnType<typeof setup>, "accounts" | "wallet">,
    change: Partial<Parameters<typeof createSiweMessage>[0]> = {},
  ) {
    const { nonce, domain, uri, chainId } = await accounts.createNonce();
    const message = createSiweMessage({
      address: wallet.address,
      nonce,
      domain,
      uri,
      chainId,
      version: "1",
      ...change,
    });
    return { message, signature: await wallet.signMessage({ message }) };
  }

  async function signIn(parts: ReturnType<typeof setup>) {
    const { message, signature } = await signedMessage(parts);
    return parts.accounts.signInByWallet({ message, signature }, CLIENT);
  }

  const code = (expected: string) =>
    expect.toSatisfy((error: unknown) => error instanceof StoaError && error.code === expected, expected);

  it("signs a wallet in, and knows it again the next time", async () => {
    const parts = setup();
    const first = await signIn(parts);
    const second = await signIn(parts);
    expect(first.account).toEqual({ id: expect.any(String), address: parts.wallet.address, roles: ["user"] });
    expect(second.account).toEqual(first.account);
    const principal = await parts.accounts.authenticate({ authorization: `Bearer ${first.accessToken}` });
    expect(principal).toMatchObject({
      accountId: first.account.id,
      address: parts.wallet.address,
      scopes: "all",
      via: "session",
    });
  });

  it("takes a signed message once", async () => {
    const parts = setup();
    const { message, signature } = await signedMessage(parts);
    await parts.accounts.signInByWallet({ message: message, signature: signature }, CLIENT);
    await expect(parts.accounts.signInByWallet({ message: message, signature: signature }, CLIENT)).rejects.toEqual(
      code("unauthorized"),
    );
  });

  it("refuses a message signed by another wallet, for another domain, chain or origin, or out of its time", async () => {
    const parts = setup();
    const { message } = await signedMessage(parts);
    const stranger = await privateKeyToAccount(generatePrivateKey()).signMessage({ message });
    await expect(parts.accounts.signInByWallet({ message: message, signature: stranger }, CLIENT)).rejects.toEqual(
      code("unauthorized"),
    );
    for (const change of [
      { domain: "evil.example" },
      { chainId: 1 },
      { uri: "http://evil.example" },
      { expirationTime: new Date(clock - 1) },
      { notBefore: new Date(clock + 60_000) },
      { nonce: "neverissued1" },
    ]) {
      const wrong = await signedMessage(parts, change);
      await expect(
        parts.accounts.signInByWallet({ message: wrong.message, signature: wrong.signature }, CLIENT),
        JSON.stringify(change),
      ).rejects.toEqual(code("unauthorized"));
    }
    await expect(parts.accounts.signInByWallet({ message: "hello", signature: stranger }, CLIENT)).rejects.toEqual(
      code("invalid_request"),
    );
  });

  it("makes one account of a wallet's first sign-ins at the same moment", async () => {
    const parts = setup();
    const outcomes = await Promise.allSettled([signIn(parts), signIn(parts), signIn(parts)]);
    const ids = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value.account.id] : []));
    expect(ids.length).toBeGreaterThan(0);
    expect(new Set(ids).size).toBe(1);
    const rows = await database.query("select id from wallets where address = $1", [parts.wallet.address]);
    expect(rows).toHaveLength(1);
  });

  it("trades a refresh token for the next pair, and ends the session of one that comes twice", async () => {
    const parts = setup();
    const first = await signIn(parts);
    const second = await parts.accounts.refresh(first.refreshToken);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    await expect(parts.accounts.refresh(first.refreshToken)).rejects.toEqual(code("unauthorized"));
    await expect(parts.accounts.refresh(second.refreshToken)).rejects.toEqual(code("unauthorized"));
    await expect(parts.accounts.refresh("never issued")).rejects.toEqual(code("unauthorized"));
  });

  it("lets one of two that trade the same token at once have it", async () => {
    const parts = setup();
    const { refreshToken } = await signIn(parts);
    const outcomes = await Promise.allSettled([
      parts.accounts.refresh(refreshToken),
      parts.accounts.refresh(refreshToken),
    ]);
    expect(outcomes.filter(({ status }) => status === "fulfilled").length).toBeLessThanOrEqual(1);
  });

  it("ends a session by signing out, its access token with it", async () => {
    const parts = setup();
    const { accessToken, refreshToken } = await signIn(parts);
    const principal = await parts.accounts.authenticate({ authorization: `Bearer ${accessToken}` });
    await parts.accounts.signOut(principal!);
    await expect(parts.accounts.authenticate({ token: accessToken })).rejects.toEqual(code("unauthorized"));
    await expect(parts.accounts.refresh(refreshToken)).rejects.toEqual(code("unauthorized"));
  });

  it("ends a session on other servers too, within seconds", async () => {
    const parts = setup();
    const elsewhere = openAccounts({ ...parts.options, secret: SECRET });
    const { accessToken } = await signIn(parts);
    expect(await elsewhere.authenticate({ token: accessToken })).not.toBeNull();
    await parts.accounts.signOut((await parts.accounts.authenticate({ token: accessToken }))!);
    clock += 5_000;
    await expect(elsewhere.authenticate({ token: accessToken })).rejects.toEqual(code("unauthorized"));
  });

  it("shows where an account is signed in, and ends one of its sessions or all others", async () => {
    const parts = setup();
    const { accounts } = parts;
    const [one, two, three] = [await signIn(parts), await signIn(parts), await signIn(parts)];
    const me = (await accounts.authenticate({ token: one.accessToken }))!;
    const listed = await accounts.listSessions(me);
    expect(listed).toHaveLength(3);
    expect(listed.filter(({ isCurrent }) => isCurrent).map(({ id }) => id)).toEqual([me.sessionId]);
    expect(listed[0]).toMatchObject({ clientAddress: CLIENT.address, userAgent: CLIENT.userAgent });
    const stranger = (await accounts.authenticate({ token: (await signIn(setup())).accessToken }))!;
    await expect(accounts.endSession(stranger, me.sessionId!)).rejects.toEqual(code("not_found"));
    const second = (await accounts.authenticate({ token: two.accessToken }))!;
    await accounts.endSession(me, second.sessionId!);
    await expect(accounts.authenticate({ token: two.accessToken })).rejects.toEqual(code("unauthorized"));
    await expect(accounts.refresh(two.refreshToken)).rejects.toEqual(code("unauthorized"));
    await accounts.endOtherSessions(me);
    await expect(accounts.refresh(three.refreshToken)).rejects.toEqual(code("unauthorized"));
    expect(await accounts.listSessions(me)).toHaveLength(1);
    expect(await accounts.listSessions(stranger)).toHaveLength(1);
  });

  it("refuses an access token that is expired, altered or another server's", async () => {
    const parts = setup();
    const { accessToken } = await signIn(parts);
    const other = openAccounts({ database, secret: SECRET.toUpperCase(), baseUrl: BASE_URL, chainId: CHAIN_ID });
    await expect(other.authenticate({ token: accessToken })).rejects.toEqual(code("unauthorized"));
    await expect(parts.accounts.authenticate({ token: `${accessToken.slice(0, -2)}xx` })).rejects.toEqual(
      code("unauthorized"),
    );
    await expect(parts.accounts.authenticate({ authorization: "Basic abc" })).rejects.toEqual(code("unauthorized"));
    clock += 16 * 60_000;
    await expect(parts.accounts.authenticate({ token: accessToken })).rejects.toEqual(code("unauthorized"));
    expect(await parts.accounts.authenticate({})).toBeNull();
  });

  it("gives a key its scopes and its end, and forgets it when it is revoked", async () => {
    const parts = setup();
    const { id } = await parts.accounts.ensureAccount(parts.wallet.address);
    const made = await parts.accounts.createKey(id, { name: "ci", scopes: ["tasks:read"], expiresInSeconds: 60 });
    expect(await parts.accounts.authenticate({ apiKey: made.key })).toMatchObject({
      accountId: id,
      scopes: ["tasks:read"],
      via: "key",
    });
    const [listed] = await parts.accounts.listKeys(id);
    expect(listed).toMatchObject({ id: made.id, name: "ci", start: made.key.slice(0, 9) });
    expect(JSON.stringify(listed)).not.toContain(made.key);
    expect(listed?.lastUsedAt).not.toBeNull();
    clock += 61_000;
    await expect(parts.accounts.authenticate({ apiKey: made.key })).rejects.toEqual(code("unauthorized"));
    const next = await parts.accounts.createKey(id, { name: "next", scopes: ["tasks:read"] });
    const stranger = await parts.accounts.ensureAccount(privateKeyToAccount(generatePrivateKey()).address);
    await expect(parts.accounts.revokeKey(stranger.id, next.id)).rejects.toEqual(code("not_found"));
    await parts.accounts.revokeKey(id, next.id);
    await expect(parts.accounts.authenticate({ authorization: `Bearer ${next.key}` })).rejects.toEqual(
      code("unauthorized"),
    );
  });

  it("signs a prepared account in by its wallet", async () => {
    const parts = setup();
    const prepared = await parts.accounts.ensureAccount(parts.wallet.address);
    expect(await parts.accounts.ensureAccount(parts.wallet.address)).toEqual(prepared);
    expect((await signIn(parts)).account).toEqual(prepared);
  });

  it("keeps no token and no key in the clear", async () => {
    const parts = setup();
    const { refreshToken, account } = await signIn(parts);
    const { key } = await parts.accounts.createKey(account.id, { name: "k", scopes: ["account:read"] });
    const rows = await database.query(
      `select (select json_agg(t) from refresh_tokens t)::text || (select json_agg(t) from api_keys t)::text as everything`,
    );
    expect(JSON.stringify(rows)).not.toContain(refreshToken);
    expect(JSON.stringify(rows)).not.toContain(key);
  });
});
