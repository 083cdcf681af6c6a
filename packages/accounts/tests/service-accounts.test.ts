import type { KeyRequest } from "@stoa/protocol";
import type { Database } from "@stoa/store";
import { databaseKinds, type TestDatabase } from "@stoa/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { code, openTestAccounts, principalOf, signInByKey } from "./accounts-fixture.ts";

let opened: TestDatabase;
let database: Database;
beforeAll(async () => {
  opened = await databaseKinds[0]!.start();
  database = opened.database;
});
afterAll(() => opened[Symbol.asyncDispose]());

const READ: KeyRequest = { name: "k", scopes: ["tasks:read"] };

async function setup() {
  const parts = openTestAccounts(database);
  const me = await principalOf(parts.accounts, await signInByKey(parts));
  const stranger = await principalOf(parts.accounts, await signInByKey(parts));
  return { ...parts, me, stranger };
}

describe("a service account", () => {
  test("acts for its owner's wallets by keys of its own, within their scopes and without its owner's roles", async () => {
    const { accounts, me } = await setup();
    await database.query("update accounts set roles = '{user,admin}' where id = $1", [me.accountId]);
    const service = await accounts.createServiceAccount(me, "nightly");
    const { key, id } = await accounts.createKey(me.accountId, { ...READ, serviceAccountId: service.id });
    expect(await accounts.authenticate({ apiKey: key })).toEqual({
      accountId: service.id,
      address: me.address,
      wallets: me.wallets,
      roles: ["user"],
      scopes: ["tasks:read"],
      via: "key",
      sessionId: null,
      key: { id, tier: "standard" },
    });
    expect(await accounts.listServiceAccounts(me)).toEqual([service]);
    const own = await accounts.createKey(me.accountId, READ);
    const listed = await accounts.listKeys(me.accountId);
    expect(listed.map((one) => [one.id, one.serviceAccountId])).toEqual([
      [own.id, null],
      [id, service.id],
    ]);
  });

  test("ends with its keys, by its owner's word alone", async () => {
    const { accounts, me, stranger } = await setup();
    const service = await accounts.createServiceAccount(me, "nightly");
    const first = await accounts.createKey(me.accountId, { ...READ, serviceAccountId: service.id });
    const second = await accounts.createKey(me.accountId, { ...READ, serviceAccountId: service.id });
    const theirs = { ...READ, serviceAccountId: service.id };
    await expect(accounts.createKey(stranger.accountId, theirs)).rejects.toEqual(code("not_found"));
    await expect(accounts.createKey(service.id, theirs)).rejects.toEqual(code("not_found"));
    await expect(accounts.revokeKey(stranger.accountId, first.id)).rejects.toEqual(code("not_found"));
    await expect(accounts.deleteServiceAccount(stranger, service.id)).rejects.toEqual(code("not_found"));
    await expect(accounts.deleteServiceAccount(me, me.accountId)).rejects.toEqual(code("not_found"));
    await accounts.revokeKey(me.accountId, first.id);
    await expect(accounts.authenticate({ apiKey: first.key })).rejects.toEqual(code("unauthorized"));
    expect(await accounts.authenticate({ apiKey: second.key })).not.toBeNull();
    await accounts.deleteServiceAccount(me, service.id);
    await expect(accounts.authenticate({ apiKey: second.key })).rejects.toEqual(code("unauthorized"));
    expect(await accounts.listServiceAccounts(me)).toEqual([]);
  });

  test("is suspended with its owner, and restored with it", async () => {
    const { accounts, me, stranger } = await setup();
    const service = await accounts.createServiceAccount(me, "nightly");
    const { key } = await accounts.createKey(me.accountId, { ...READ, serviceAccountId: service.id });
    const other = await accounts.createKey(stranger.accountId, READ);
    const act = { accountId: me.accountId, actor: "system", reason: "under review" };
    await accounts.suspendAccount(act);
    await expect(accounts.authenticate({ apiKey: key })).rejects.toEqual(code("suspended"));
    expect(await accounts.authenticate({ apiKey: other.key })).not.toBeNull();
    await accounts.restoreAccount(act);
    expect(await accounts.authenticate({ apiKey: key })).not.toBeNull();
  });

  test("is one of fifty at most", async () => {
    const { accounts, me } = await setup();
    for (let n = 0; n < 50; n += 1) await accounts.createServiceAccount(me, `s${n}`);
    await expect(accounts.createServiceAccount(me, "one more")).rejects.toEqual(code("too_many_of_these"));
  });
});

test("a key's tier is at most its account's", async () => {
  const { accounts, me } = await setup();
  expect(await accounts.createKey(me.accountId, { ...READ, tier: "low" })).toMatchObject({ tier: "low" });
  await expect(accounts.createKey(me.accountId, { ...READ, tier: "high" })).rejects.toEqual(code("forbidden"));
  await database.query("update accounts set tier = 'high' where id = $1", [me.accountId]);
  const { key } = await accounts.createKey(me.accountId, { ...READ, tier: "high" });
  expect(await accounts.authenticate({ apiKey: key })).toMatchObject({ key: { tier: "high" } });
});
