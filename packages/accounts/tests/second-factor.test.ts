import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { Database } from "@stoa/store";
import { databaseKinds, type TestDatabase } from "@stoa/testkit";
import { findProgram, installPackages } from "@stoa/testkit/debian";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  anyone,
  CLIENT,
  code,
  mailedToken,
  mailsTo,
  openTestAccounts,
  principalOf,
  signInByKey,
  type TestAccounts,
} from "./accounts-fixture.ts";

const PASSWORD = "seven brown umbrellas";
const OTHER = "quiet orchard tractor";
const STEP_SECONDS = 30;

let opened: TestDatabase;
let database: Database;
beforeAll(async () => {
  opened = await databaseKinds.find(({ shared }) => shared)!.start();
  database = opened.database;
});
afterAll(() => opened[Symbol.asyncDispose]());

const missing = installPackages({ oathtool: "oathtool" });

/** What an authenticator app shows now, or will so many steps ahead: the next one counts already, however slow a test is. */
function appCode(uri: string, ahead = 0): string {
  const secret = new URL(uri).searchParams.get("secret")!;
  const at = `@${Math.floor(Date.now() / 1000) + ahead * STEP_SECONDS}`;
  return execFileSync(findProgram("oathtool")!, ["--totp", "--base32", "--now", at, secret], {
    encoding: "utf8",
  }).trim();
}

async function account(parts: TestAccounts) {
  const { accounts } = parts;
  const email = `${randomUUID().slice(0, 8)}x@example.org`;
  await accounts.requestSignUp({ email, password: PASSWORD }, anyone());
  await accounts.confirmEmail(await mailedToken(database, email, "confirm-email"));
  const signIn = (second?: string, password = PASSWORD) =>
    accounts.signInByPassword({ email, password, ...(second !== undefined && { code: second }) }, CLIENT);
  return { email, signIn, me: await principalOf(accounts, await signIn()) };
}

/** An account that is asked for a second factor. */
async function guarded(parts: TestAccounts) {
  const made = await account(parts);
  const setup = await parts.accounts.beginSecondFactor(made.me, { password: PASSWORD });
  await parts.accounts.confirmSecondFactor(made.me, appCode(setup.uri));
  return { ...made, ...setup };
}

describe.skipIf(missing !== undefined)(`a second factor${missing === undefined ? "" : ` (${missing})`}`, () => {
  test("is asked for at sign-in once its first code came, and not before", async () => {
    const parts = openTestAccounts(database);
    const { accounts } = parts;
    const { email, signIn, me } = await account(parts);
    await expect(accounts.beginSecondFactor(me, {})).rejects.toEqual(code("wrong_password"));
    const { uri, recoveryCodes } = await accounts.beginSecondFactor(me, { password: PASSWORD });
    expect(uri).toMatch(`otpauth://totp/Stoa:${encodeURIComponent(email)}?`);
    expect(new Set(recoveryCodes).size).toBe(10);
    await signIn();
    await expect(accounts.confirmSecondFactor(me, "000000")).rejects.toEqual(code("wrong_code"));
    await signIn();
    await accounts.confirmSecondFactor(me, appCode(uri));
    expect(await accounts.listIdentities(me)).toMatchObject({ hasSecondFactor: true });
    await expect(signIn()).rejects.toEqual(code("second_factor_needed"));
    await expect(signIn(appCode(uri, 1), OTHER)).rejects.toEqual(code("unauthorized"));
    await signIn(appCode(uri, 1));
    expect((await mailsTo(database, email)).at(-1)?.subject).toBe("A change of your second factor at Stoa");
  });

  test("counts each code once, also when two come with it at the same moment", async () => {
    const { signIn, uri, recoveryCodes } = await guarded(openTestAccounts(database));
    const now = appCode(uri, 1);
    const outcomes = await Promise.allSettled([signIn(now), signIn(now)]);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expect(signIn(now)).rejects.toEqual(code("wrong_code"));
    const [recovery = "", other = ""] = recoveryCodes;
    const recovered = await Promise.allSettled([signIn(recovery), signIn(recovery)]);
    expect(recovered.filter(({ status }) => status === "fulfilled").length).toBeLessThanOrEqual(1);
    await expect(signIn(recovery)).rejects.toEqual(code("wrong_code"));
    await signIn(other);
  });

  test("is not guessed: after five wrong codes the right one is refused too, for a while", async () => {
    const parts = openTestAccounts(database);
    const { signIn, recoveryCodes } = await guarded(parts);
    for (let n = 0; n < 5; n += 1) await expect(signIn("00000-00000")).rejects.toEqual(code("wrong_code"));
    await expect(signIn(recoveryCodes[0])).rejects.toEqual(code("too_many_requests"));
    parts.clock.now += 16 * 60_000;
    await signIn(recoveryCodes[0]);
  });

  test("is not gone round by a reset of the password", async () => {
    const parts = openTestAccounts(database);
    const { email, signIn, recoveryCodes } = await guarded(parts);
    await parts.accounts.requestReset(email, anyone());
    await parts.accounts.resetPassword(await mailedToken(database, email, "reset-password"), OTHER);
    await expect(signIn(undefined, OTHER)).rejects.toEqual(code("second_factor_needed"));
    await signIn(recoveryCodes[0], OTHER);
  });

  test("its recovery codes are renewed and it is ended by whoever has it, not by a session alone", async () => {
    const parts = openTestAccounts(database);
    const { accounts } = parts;
    const { me, signIn, recoveryCodes } = await guarded(parts);
    await expect(accounts.renewRecoveryCodes(me, { code: "00000-00000", password: PASSWORD })).rejects.toEqual(
      code("wrong_code"),
    );
    await expect(accounts.endSecondFactor(me, { code: recoveryCodes[0]! })).rejects.toEqual(code("wrong_password"));
    const renewed = await accounts.renewRecoveryCodes(me, { code: recoveryCodes[0]!, password: PASSWORD });
    await expect(signIn(recoveryCodes[1])).rejects.toEqual(code("wrong_code"));
    await signIn(renewed.recoveryCodes[0]);
    await expect(accounts.beginSecondFactor(me, { password: PASSWORD })).rejects.toEqual(code("wrong_state"));
    await expect(accounts.endSecondFactor(me, { code: "00000-00000", password: PASSWORD })).rejects.toEqual(
      code("wrong_code"),
    );
    await accounts.endSecondFactor(me, { code: renewed.recoveryCodes[1]!, password: PASSWORD });
    await signIn();
    await expect(accounts.endSecondFactor(me, { code: "00000-00000", password: PASSWORD })).rejects.toEqual(
      code("wrong_state"),
    );
  });

  test("leaves the sessions as they are, and is kept encrypted", async () => {
    const parts = openTestAccounts(database);
    const { me, uri, recoveryCodes } = await guarded(parts);
    expect(await parts.accounts.listSessions(me)).toHaveLength(1);
    const [row] = await database.query<{ everything: string }>(
      "select json_agg(t)::text as everything from second_factors t where account_id = $1",
      [me.accountId],
    );
    const secret = new URL(uri).searchParams.get("secret")!;
    expect(row!.everything).toContain("verified");
    for (const kept of [secret, recoveryCodes[0]!]) expect(row!.everything).not.toContain(kept);
  });

  test("can be had by an account without a password", async () => {
    const parts = openTestAccounts(database);
    const me = await principalOf(parts.accounts, await signInByKey(parts));
    const { uri } = await parts.accounts.beginSecondFactor(me, {});
    expect(uri).toContain(encodeURIComponent(`${me.address}`));
    await parts.accounts.confirmSecondFactor(me, appCode(uri));
    expect(await parts.accounts.listIdentities(me)).toMatchObject({ hasSecondFactor: true });
  });
});
