import type { Database } from "@stoa/store";
import { databaseKinds, type TestDatabase } from "@stoa/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CLIENT, code, openTestAccounts, principalOf, signInByKey, type TestAccounts } from "./accounts-fixture.ts";
import { type Asked, type Misuse, testAuthenticator } from "@stoa/testkit/authenticator";

const ORIGIN = "http://localhost:4000";

let opened: TestDatabase;
let database: Database;
beforeAll(async () => {
  opened = await databaseKinds[0]!.start();
  database = opened.database;
});
afterAll(() => opened[Symbol.asyncDispose]());

const setup = () => openTestAccounts(database, { baseUrl: ORIGIN });
type Device = ReturnType<typeof testAuthenticator>;

const askedBy = (options: Record<string, unknown>): Asked => ({
  challenge: String(options["challenge"]),
  rpId: "localhost",
  origin: ORIGIN,
});

/** An account with a device's key. */
async function withDevice(parts: TestAccounts, device: Device = testAuthenticator()) {
  const tokens = await signInByKey(parts);
  const me = await principalOf(parts.accounts, tokens);
  const asked = askedBy((await parts.accounts.startPasskey(me)).options);
  const passkey = await parts.accounts.addPasskey(me, { name: "laptop", credential: device.make(asked) });
  return { tokens, me, device, passkey };
}

async function signIn({ accounts }: TestAccounts, device: Device, misuse: Misuse = {}) {
  const asked = askedBy((await accounts.startPasskeySignIn()).options);
  return accounts.signInByPasskey(device.sign(asked, misuse), CLIENT);
}

describe("a passkey", () => {
  test("signs in to the account it was made for, without a name or a password", async () => {
    const parts = setup();
    const { tokens, me, device, passkey } = await withDevice(parts);
    expect((await signIn(parts, device)).account).toEqual(tokens.account);
    expect((await signIn(parts, device)).account).toEqual(tokens.account);
    const [listed] = (await parts.accounts.listIdentities(me)).passkeys;
    expect(listed).toEqual({ ...passkey, lastUsedAt: expect.any(String) });
    await expect(signIn(parts, testAuthenticator())).rejects.toEqual(code("unauthorized"));
  });

  test("asks for no name before it signs, and for its owner's presence and proof", async () => {
    const { accounts } = setup();
    const { options } = await accounts.startPasskeySignIn();
    expect(options).toMatchObject({ userVerification: "required", rpId: "localhost" });
    expect(options["allowCredentials"] ?? []).toEqual([]);
    const me = await principalOf(accounts, await signInByKey(setup()));
    expect((await accounts.startPasskey(me)).options).toMatchObject({
      attestation: "none",
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
    });
  });

  test.each<[string, Misuse]>([
    ["for another site's page", { origin: "http://localhost:4001" }],
    ["for another site", { rpId: "evil.example" }],
    ["without its owner", { isVerified: false }],
    ["for something else", { type: "webauthn.create" }],
    ["with a count it had before: it is a copy", { counter: 1 }],
  ])("signs nobody in that signed %s", async (_, misuse) => {
    const parts = setup();
    const { device } = await withDevice(parts);
    await signIn(parts, device);
    await expect(signIn(parts, device, misuse)).rejects.toEqual(code("unauthorized"));
  });

  test.each<[string, Misuse]>([
    ["for another site's page", { origin: "http://evil.example" }],
    ["for another site", { rpId: "evil.example" }],
    ["without its owner", { isVerified: false }],
    ["by a signature", { type: "webauthn.get" }],
  ])("is not taken that was made %s", async (_, misuse) => {
    const parts = setup();
    const me = await principalOf(parts.accounts, await signInByKey(parts));
    const asked = askedBy((await parts.accounts.startPasskey(me)).options);
    const credential = testAuthenticator().make(asked, misuse);
    await expect(parts.accounts.addPasskey(me, { name: "x", credential })).rejects.toEqual(code("unauthorized"));
    expect((await parts.accounts.listIdentities(me)).passkeys).toEqual([]);
  });

  test("signs each challenge once, in time, and for what it was given", async () => {
    const parts = setup();
    const { accounts } = parts;
    const { device, me } = await withDevice(parts);
    const asked = askedBy((await accounts.startPasskeySignIn()).options);
    const signed = device.sign(asked);
    await accounts.signInByPasskey(signed, CLIENT);
    await expect(accounts.signInByPasskey(signed, CLIENT)).rejects.toEqual(code("unauthorized"));
    const madeUp = device.sign({ ...asked, challenge: Buffer.alloc(32, 7).toString("base64url") });
    await expect(accounts.signInByPasskey(madeUp, CLIENT)).rejects.toEqual(code("unauthorized"));
    const toMake = askedBy((await accounts.startPasskey(me)).options);
    await expect(accounts.signInByPasskey(device.sign(toMake), CLIENT)).rejects.toEqual(code("unauthorized"));
    const late = askedBy((await accounts.startPasskeySignIn()).options);
    parts.clock.now += 300_001;
    await expect(accounts.signInByPasskey(device.sign(late), CLIENT)).rejects.toEqual(code("unauthorized"));
  });

  test("whose signature was altered signs nobody in", async () => {
    const parts = setup();
    const { device } = await withDevice(parts);
    const other = await withDevice(parts);
    const asked = askedBy((await parts.accounts.startPasskeySignIn()).options);
    const signed = device.sign(asked);
    const swapped = { ...signed, id: other.passkey.id, rawId: other.passkey.id };
    await expect(parts.accounts.signInByPasskey(swapped, CLIENT)).rejects.toEqual(code("unauthorized"));
  });

  test("is added by who asked for it alone, to one account", async () => {
    const parts = setup();
    const { accounts } = parts;
    const { me, device } = await withDevice(parts);
    const stranger = await principalOf(accounts, await signInByKey(parts));
    const asked = askedBy((await accounts.startPasskey(me)).options);
    const made = { name: "x", credential: testAuthenticator().make(asked) };
    await expect(accounts.addPasskey(stranger, made)).rejects.toEqual(code("unauthorized"));
    const again = askedBy((await accounts.startPasskey(stranger)).options);
    await expect(accounts.addPasskey(stranger, { name: "x", credential: device.make(again) })).rejects.toEqual(
      code("identity_taken"),
    );
  });

  test("is removed by its owner, unless nothing else signs in", async () => {
    const parts = setup();
    const { accounts } = parts;
    const { me, device, passkey } = await withDevice(parts);
    const stranger = await principalOf(accounts, await signInByKey(parts));
    await expect(accounts.removePasskey(stranger, passkey.id)).rejects.toEqual(code("not_found"));
    const [wallet] = (await accounts.listIdentities(me)).wallets;
    await accounts.unlinkWallet(me, wallet!.id);
    await expect(accounts.removePasskey(me, passkey.id)).rejects.toEqual(code("last_identity"));
    const next = testAuthenticator();
    const asked = askedBy((await accounts.startPasskey(me)).options);
    await accounts.addPasskey(me, { name: "phone", credential: next.make(asked) });
    await accounts.removePasskey(me, passkey.id);
    await expect(signIn(parts, device)).rejects.toEqual(code("unauthorized"));
    await signIn(parts, next);
  });
});
