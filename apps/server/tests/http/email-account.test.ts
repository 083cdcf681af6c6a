import { deliverMails } from "../../src/effects/deliver-mails.ts";
import { openMailer } from "../../src/mail/open-mailer.ts";
import { createClient, type StoaClient } from "@stoa/sdk";
import { databaseKinds, randomKey, type TestDatabase } from "@stoa/testkit";
import { type MailServer, startMailServer } from "@stoa/testkit/mail-server";
import { pino } from "pino";
import PostalMime from "postal-mime";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startHttp } from "./http-fixture.ts";

const WITHIN = { timeout: 50_000, interval: 50 };
const PASSWORD = "seven brown umbrellas";
const OTHER = "quiet orchard tractor";

let opened: TestDatabase;
beforeAll(async () => {
  opened = await databaseKinds[0]!.start();
});
afterAll(() => opened[Symbol.asyncDispose]());

const probe = await startMailServer();
const missing = "missing" in probe ? probe.missing : undefined;
if (!("missing" in probe)) await probe[Symbol.asyncDispose]();

describe.skipIf(missing !== undefined)(`over a mail server${missing === undefined ? "" : ` (${missing})`}`, () => {
  test("an account is made, used, given a wallet and recovered, by what arrives in its holder's mailbox", async () => {
    await using mails = (await startMailServer()) as MailServer;
    await using stack = new AsyncDisposableStack();
    const http = stack.use(await startHttp(opened.database));
    const closing = new AbortController();
    const mailer = stack.use(openMailer({ smtpUrl: mails.url, mailFrom: "market@example.org", dataFolder: "unused" }));
    const log = pino({ level: "silent" });
    const delivery = deliverMails({ database: opened.database, mailer, log, signal: closing.signal });
    stack.defer(() => (closing.abort(), delivery.ended));
    const email = "ada@example.org";
    const linkIn = (page: string) =>
      vi.waitFor(async () => {
        const texts = await Promise.all((await mails.received()).map((mail) => PostalMime.parse(mail)));
        const link = texts
          .flatMap(({ text = "" }) => text.match(/http\S+#\S+/g) ?? [])
          .find((one) => one.includes(page));
        expect(link, page).toBeDefined();
        return new URL(link!);
      }, WITHIN);

    const client = createClient({ url: http.url });
    await client.auth.signUp({ email, password: PASSWORD });
    const confirm = await linkIn("confirm-email");
    expect(String((await http.call("GET", confirm.pathname)).body)).toContain("/api/v1/auth/email/confirm");
    await client.auth.confirmEmail(confirm.hash.slice(1));
    await client.auth.signInByPassword({ email, password: PASSWORD });
    expect(await client.account.get()).toMatchObject({ address: null, balances: { available: "0", staked: "0" } });
    await expect(client.tasks.list({ mine: true })).rejects.toMatchObject({ code: "wallet_needed" });

    const wallet = randomKey();
    expect(await client.auth.linkWallet(wallet)).toMatchObject({
      kind: "ethereum",
      address: wallet.address,
      isMain: true,
    });
    expect(await client.account.get()).toMatchObject({ address: wallet.address });
    expect((await client.tasks.list({ mine: true })).items).toEqual([]);
    const byWallet = createClient({ url: http.url, signer: wallet });
    expect((await byWallet.auth.session()).account).toEqual((await client.auth.session()).account);

    await client.auth.forgotPassword(email);
    const reset = await linkIn("reset-password");
    await client.auth.resetPassword({ token: reset.hash.slice(1), password: OTHER });
    await expect(client.account.get()).rejects.toMatchObject({ code: "unauthorized" });
    await client.auth.signInByPassword({ email, password: OTHER });
    expect(await sessionsOf(client)).toBe(1);
  });
});

async function sessionsOf(client: StoaClient): Promise<number> {
  return (await client.auth.listSessions()).length;
}

test("what lets guess a password or fill a mailbox is limited with the sign-ins, and says when to come back", async () => {
  await using http = await startHttp(opened.database, { rateLimits: { signIn: 3 } });
  const body = { email: "nobody@example.org", password: PASSWORD };
  const statuses = [];
  for (const path of ["email/sign-in", "email/sign-up", "password/forgot", "email/sign-in"]) {
    const sent = path === "password/forgot" ? { email: body.email } : body;
    statuses.push((await http.call("POST", `auth/${path}`, { body: sent })).status);
  }
  expect(statuses).toEqual([401, 202, 202, 429]);
  await using other = await startHttp(opened.database);
  let answer = await other.call("POST", "auth/email/sign-in", { body });
  for (let n = 0; n < 10; n += 1) answer = await other.call("POST", "auth/email/sign-in", { body });
  expect(answer).toMatchObject({ status: 429, body: { code: "too_many_requests" } });
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(60);
});

test("an address and a password are checked before anything is done with them", async () => {
  await using http = await startHttp(opened.database);
  const signUp = async (email: string, password = PASSWORD) =>
    (await http.call("POST", "auth/email/sign-up", { body: { email, password } })).status;
  expect(await signUp("new@example.org")).toBe(202);
  for (const email of [
    "x",
    "a@b",
    "a@b.c\r\nBcc: x@y.zz",
    "a b@example.org",
    `${"a".repeat(65)}@example.org`,
    "<a@b.cc>",
  ])
    expect(await signUp(email), email).toBe(400);
  expect(await signUp("new@example.org", "short")).toBe(400);
  expect(await signUp("new@example.org", "iloveyou1234")).toBe(422);
});
