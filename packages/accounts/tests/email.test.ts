import { randomUUID } from "node:crypto";
import type { Database } from "@stoa/store";
import { databaseKinds, type TestDatabase } from "@stoa/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  anyone,
  CLIENT,
  code,
  mailedToken,
  mailsTo,
  openTestAccounts,
  principalOf,
  randomWallet,
  signInByKey,
  type TestAccounts,
} from "./accounts-fixture.ts";

const PASSWORD = "seven brown umbrellas";
const OTHER = "quiet orchard tractor";

let opened: TestDatabase;
let database: Database;
beforeAll(async () => {
  opened = await databaseKinds.find(({ shared }) => shared)!.start();
  database = opened.database;
});
afterAll(() => opened[Symbol.asyncDispose]());

const newAddress = () => `${randomUUID().slice(0, 8)}x@example.org`;
const signIn = ({ accounts }: TestAccounts, email: string, password = PASSWORD, client = CLIENT) =>
  accounts.signInByPassword({ email, password }, client);

async function signUp(parts: TestAccounts, email = newAddress(), password = PASSWORD) {
  await parts.accounts.requestSignUp({ email, password }, anyone());
  await parts.accounts.confirmEmail(await mailedToken(database, email, "confirm-email"));
  return email;
}

describe("an e-mail address and a password", () => {
  test("sign in once the address is confirmed, and not before", async () => {
    const parts = openTestAccounts(database);
    const { accounts } = parts;
    const email = newAddress();
    await accounts.requestSignUp({ email, password: PASSWORD }, anyone());
    await expect(signIn(parts, email)).rejects.toEqual(code("unauthorized"));
    const token = await mailedToken(database, email, "confirm-email");
    await accounts.confirmEmail(token);
    const { account, accessToken } = await signIn(parts, email.toUpperCase());
    expect(account).toEqual({ id: expect.any(String), address: null, roles: ["user"] });
    expect(await accounts.authenticate({ token: accessToken })).toMatchObject({ address: null, wallets: [] });
    await expect(signIn(parts, email, OTHER)).rejects.toEqual(code("unauthorized"));
    await expect(accounts.confirmEmail(token)).rejects.toEqual(code("invalid_token"));
  });

  test("a link that is a day old confirms nothing", async () => {
    const parts = openTestAccounts(database);
    const email = newAddress();
    await parts.accounts.requestSignUp({ email, password: PASSWORD }, anyone());
    parts.clock.now += 86_400_001;
    const token = await mailedToken(database, email, "confirm-email");
    await expect(parts.accounts.confirmEmail(token)).rejects.toEqual(code("invalid_token"));
  });

  test("nobody lays a password under another's account to be", async () => {
    const parts = openTestAccounts(database);
    const email = newAddress();
    await parts.accounts.requestSignUp({ email, password: OTHER }, anyone());
    await signUp(parts, email);
    await signIn(parts, email);
    await expect(signIn(parts, email, OTHER)).rejects.toEqual(code("unauthorized"));
  });

  test("asking for a known address again looks the same, and its holder alone is told", async () => {
    const parts = openTestAccounts(database);
    const email = await signUp(parts);
    const again = await parts.accounts.requestSignUp({ email, password: OTHER }, anyone());
    const fresh = await parts.accounts.requestSignUp({ email: newAddress(), password: OTHER }, anyone());
    expect(Object.keys(again)).toEqual(Object.keys(fresh));
    const mails = await mailsTo(database, email);
    expect(mails.map(({ subject }) => subject)).toContain("You already have an account at Stoa");
    await signIn(parts, email);
    await expect(signIn(parts, email, OTHER)).rejects.toEqual(code("unauthorized"));
  });

  test("a weak password is refused before a mail is sent", async () => {
    const { accounts } = openTestAccounts(database);
    const email = newAddress();
    await expect(accounts.requestSignUp({ email, password: "basketball1" }, anyone())).rejects.toEqual(
      code("weak_password"),
    );
    expect(await mailsTo(database, email)).toEqual([]);
  });

  test("no mailbox is filled: the sixth mail of an hour is not sent, and nobody is told", async () => {
    const { accounts, clock } = openTestAccounts(database);
    const email = newAddress();
    for (let n = 0; n < 7; n += 1) await accounts.requestSignUp({ email, password: PASSWORD }, anyone());
    expect(await mailsTo(database, email)).toHaveLength(5);
    clock.now += 3_600_001;
    await accounts.requestSignUp({ email, password: PASSWORD }, anyone());
    expect(await mailsTo(database, email)).toHaveLength(6);
  });

  test("no client has many mails sent: the thirty-first of an hour is refused, whoever it is for", async () => {
    const { accounts } = openTestAccounts(database);
    const client = anyone();
    await Promise.all(Array.from({ length: 30 }, () => accounts.requestReset(newAddress(), client)));
    await expect(accounts.requestReset(newAddress(), client)).rejects.toEqual(code("too_many_requests"));
    const signUp = accounts.requestSignUp({ email: newAddress(), password: PASSWORD }, client);
    await expect(signUp).rejects.toEqual(code("too_many_requests"));
    await accounts.requestReset(newAddress(), anyone());
  });

  test("are not gone through with a list: after ten wrong ones the right one is refused too, from there and for a while", async () => {
    const parts = openTestAccounts(database);
    const email = await signUp(parts);
    const attempts = await Promise.allSettled(Array.from({ length: 12 }, () => signIn(parts, email, OTHER)));
    const codes = attempts.map((attempt) => (attempt.status === "rejected" ? attempt.reason.code : "in"));
    expect(codes.filter((one) => one === "unauthorized")).toHaveLength(10);
    expect(codes.filter((one) => one === "too_many_requests")).toHaveLength(2);
    await expect(signIn(parts, email)).rejects.toMatchObject({ details: { retryAfterSeconds: expect.any(Number) } });
    await signIn(parts, email, PASSWORD, { ...CLIENT, address: "198.51.100.1" });
    parts.clock.now += 15 * 60_000 + 1;
    await signIn(parts, email);
    for (let n = 0; n < 9; n += 1) await expect(signIn(parts, email, OTHER)).rejects.toEqual(code("unauthorized"));
    await signIn(parts, email);
    await expect(signIn(parts, email, OTHER)).rejects.toEqual(code("unauthorized"));
  });

  test("an address nobody has is counted and refused as one that somebody has", async () => {
    const parts = openTestAccounts(database);
    const email = newAddress();
    for (let n = 0; n < 10; n += 1) await expect(signIn(parts, email)).rejects.toEqual(code("unauthorized"));
    await expect(signIn(parts, email)).rejects.toEqual(code("too_many_requests"));
  });
});

describe("a forgotten password", () => {
  test("is reset by a mailed link, once; every session ends and the holder is told", async () => {
    const parts = openTestAccounts(database);
    const { accounts } = parts;
    const email = await signUp(parts);
    const before = await signIn(parts, email);
    await accounts.requestReset(email, anyone());
    const early = await mailedToken(database, email, "reset-password");
    await accounts.requestReset(email, anyone());
    const token = await mailedToken(database, email, "reset-password");
    await expect(accounts.resetPassword(token, "password12345")).rejects.toEqual(code("weak_password"));
    await accounts.resetPassword(token, OTHER);
    await expect(accounts.authenticate({ token: before.accessToken })).rejects.toEqual(code("unauthorized"));
    await expect(accounts.refresh(before.refreshToken)).rejects.toEqual(code("unauthorized"));
    await expect(signIn(parts, email)).rejects.toEqual(code("unauthorized"));
    await signIn(parts, email, OTHER);
    for (const used of [token, early])
      await expect(accounts.resetPassword(used, PASSWORD)).rejects.toEqual(code("invalid_token"));
    expect((await mailsTo(database, email)).map(({ subject }) => subject)).toContain(
      "A change of your password at Stoa",
    );
  });

  test("of an address nobody has is answered alike, and no mail is sent", async () => {
    const parts = openTestAccounts(database);
    const nobody = newAddress();
    const somebody = await signUp(parts);
    const answers = [
      await parts.accounts.requestReset(nobody, anyone()),
      await parts.accounts.requestReset(somebody, anyone()),
    ];
    expect(answers.map(Object.keys)).toEqual([["expiresAt"], ["expiresAt"]]);
    expect(await mailsTo(database, nobody)).toEqual([]);
  });

  test("an hour later the link is dead, and one mail's token is no other's", async () => {
    const parts = openTestAccounts(database);
    const email = await signUp(parts);
    await parts.accounts.requestReset(email, anyone());
    const token = await mailedToken(database, email, "reset-password");
    await expect(parts.accounts.confirmEmail(token)).rejects.toEqual(code("invalid_token"));
    parts.clock.now += 3_600_001;
    await expect(parts.accounts.resetPassword(token, OTHER)).rejects.toEqual(code("invalid_token"));
  });
});

test("a password is changed by who knows it, and the other sessions end", async () => {
  const parts = openTestAccounts(database);
  const { accounts } = parts;
  const email = await signUp(parts);
  const [here, there] = [await signIn(parts, email), await signIn(parts, email)];
  const me = await principalOf(accounts, here);
  await expect(accounts.changePassword(me, { current: OTHER, password: OTHER })).rejects.toEqual(
    code("wrong_password"),
  );
  await accounts.changePassword(me, { current: PASSWORD, password: OTHER });
  await expect(accounts.refresh(there.refreshToken)).rejects.toEqual(code("unauthorized"));
  await accounts.refresh(here.refreshToken);
  await signIn(parts, email, OTHER);
});

describe("an account that signs in by a wallet", () => {
  test("signs in by an address too, once that is joined and confirmed", async () => {
    const parts = openTestAccounts(database);
    const { accounts } = parts;
    const wallet = randomWallet();
    const tokens = await signInByKey(parts, wallet);
    const me = await principalOf(accounts, tokens);
    const email = newAddress();
    await accounts.requestEmail(me, { email, password: PASSWORD });
    expect(await accounts.listIdentities(me)).toMatchObject({ email: null, hasPassword: false });
    await accounts.confirmEmail(await mailedToken(database, email, "confirm-email"));
    expect(await accounts.listIdentities(me)).toMatchObject({ email, hasPassword: true });
    expect((await signIn(parts, email)).account).toEqual(tokens.account);
  });

  test("cannot take an address that has an account, nor does its holder's own account suffer", async () => {
    const parts = openTestAccounts(database);
    const { accounts } = parts;
    const me = await principalOf(accounts, await signInByKey(parts));
    const email = newAddress();
    await accounts.requestEmail(me, { email, password: OTHER });
    const token = await mailedToken(database, email, "confirm-email");
    await signUp(parts, email);
    await expect(accounts.confirmEmail(token)).rejects.toEqual(code("identity_taken"));
    const { account } = await signIn(parts, email);
    expect(account.id).not.toBe(me.accountId);
    await accounts.requestEmail(me, { email, password: OTHER });
    expect((await mailsTo(database, email)).at(-1)?.subject).toBe("You already have an account at Stoa");
  });

  test("keeps the password it was given last, when an older link is opened after", async () => {
    const parts = openTestAccounts(database);
    const { accounts } = parts;
    const me = await principalOf(accounts, await signInByKey(parts));
    const [older, newer] = [newAddress(), newAddress()];
    await accounts.requestEmail(me, { email: older, password: PASSWORD });
    await accounts.requestEmail(me, { email: newer, password: OTHER });
    await accounts.confirmEmail(await mailedToken(database, newer, "confirm-email"));
    await accounts.confirmEmail(await mailedToken(database, older, "confirm-email"));
    await expect(signIn(parts, older, PASSWORD)).rejects.toEqual(code("unauthorized"));
    await signIn(parts, older, OTHER);
  });

  test("and another that confirm one address at the same moment: one has it", async () => {
    const parts = openTestAccounts(database);
    const { accounts } = parts;
    const email = newAddress();
    const tokens = [];
    for (let n = 0; n < 3; n += 1) {
      const me = await principalOf(accounts, await signInByKey(parts));
      await accounts.requestEmail(me, { email, password: PASSWORD });
      tokens.push(await mailedToken(database, email, "confirm-email"));
    }
    expect(new Set(tokens).size).toBe(3);
    const outcomes = await Promise.allSettled(tokens.map((token) => accounts.confirmEmail(token)));
    const codes = outcomes.map((outcome) => (outcome.status === "rejected" ? outcome.reason.code : "joined"));
    expect(codes.filter((one) => one === "joined")).toHaveLength(1);
    expect(codes.filter((one) => one === "identity_taken")).toHaveLength(2);
  });

  test("changes its address only with its password, and the old address is told", async () => {
    const parts = openTestAccounts(database);
    const { accounts } = parts;
    const email = await signUp(parts);
    const me = await principalOf(accounts, await signIn(parts, email));
    const next = newAddress();
    await expect(accounts.requestEmail(me, { email: next, password: OTHER })).rejects.toEqual(code("wrong_password"));
    await accounts.requestEmail(me, { email: next, password: PASSWORD });
    await accounts.confirmEmail(await mailedToken(database, next, "confirm-email"));
    await signIn(parts, next);
    await expect(signIn(parts, email)).rejects.toEqual(code("unauthorized"));
    expect((await mailsTo(database, email)).map(({ subject }) => subject)).toContain(
      "A change of your e-mail address at Stoa",
    );
  });
});

test("neither password nor token is kept in the clear, but for the mail that waits to be sent", async () => {
  const parts = openTestAccounts(database);
  const email = await signUp(parts);
  await parts.accounts.requestReset(email, anyone());
  const token = await mailedToken(database, email, "reset-password");
  const [row] = await database.query<{ everything: string }>(
    `select (select json_agg(t)::text from verifications t) || (select json_agg(t)::text from credentials t) ||
            (select json_agg(t)::text from sign_in_attempts t) as everything`,
  );
  expect(row!.everything).toContain("reset-password");
  for (const secret of [PASSWORD, token]) expect(row!.everything).not.toContain(secret);
});
