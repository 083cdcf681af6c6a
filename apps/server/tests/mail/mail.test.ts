import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@stoa/host";
import { type Database, insertMail, openDatabase } from "@stoa/store";
import { type MailServer, startMailServer } from "@stoa/testkit/mail-server";
import { pino } from "pino";
import PostalMime from "postal-mime";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { deliverMails } from "../../src/effects/deliver-mails.ts";
import { folderMailer } from "../../src/mail/folder-mailer.ts";
import { openMailbox } from "../../src/mail/mailbox.ts";
import type { Mailer } from "../../src/mail/mailer.ts";
import { openMailer } from "../../src/mail/open-mailer.ts";
import { startHttp } from "../http/http-fixture.ts";

const WITHIN = { timeout: 50_000, interval: 50 };
const FROM = "Stoa <market@example.org>";
const mail = {
  recipient: "ada@example.org",
  subject: "Your key, naïve one",
  body: "Line one — ünïcode\n.\nLine three",
};

let database: Database;
beforeAll(async () => {
  database = await openDatabase({});
});
afterAll(() => database.close());

const waiting = () => database.query<{ attempts: number }>("select attempts from mails");

/** @returns what was logged meanwhile */
async function delivering(mailer: Mailer, test: () => Promise<void>): Promise<string> {
  const logged: string[] = [];
  const log = pino({ level: "debug" }, { write: (line: string) => logged.push(line) });
  const closing = new AbortController();
  const effect = deliverMails({ database, mailer, log, signal: closing.signal });
  try {
    await test();
  } finally {
    closing.abort();
    await effect.ended;
    mailer[Symbol.dispose]();
  }
  return logged.join("");
}

const promise = (change: Partial<typeof mail> = {}, lifeMs = 3_600_000) =>
  insertMail(database, { ...mail, ...change }, { now: Date.now(), expiresAt: Date.now() + lifeMs });

const mailerTo = (smtpUrl: string) => openMailer({ smtpUrl, mailFrom: FROM, dataFolder: "unused" });

const probe = await startMailServer();
const missing = "missing" in probe ? probe.missing : undefined;
if (!("missing" in probe)) await probe[Symbol.asyncDispose]();

describe.skipIf(missing !== undefined)(`with a mail server${missing === undefined ? "" : ` (${missing})`}`, () => {
  const start = async (options?: Parameters<typeof startMailServer>[0]) =>
    (await startMailServer(options)) as MailServer;

  test("a promised mail arrives as it was written, also when the server was away at first", async () => {
    const port = await freePort();
    await promise();
    await delivering(mailerTo(`smtp://127.0.0.1:${port}`), async () => {
      await vi.waitFor(async () => expect((await waiting())[0]?.attempts).toBeGreaterThan(0), WITHIN);
      await using server = await start({ port });
      await vi.waitFor(async () => expect(await server.received()).toHaveLength(1), WITHIN);
      const got = await PostalMime.parse((await server.received())[0]!);
      expect(got).toMatchObject({ subject: mail.subject, from: { name: "Stoa", address: "market@example.org" } });
      expect(got.to).toEqual([{ name: "", address: "ada@example.org" }]);
      expect(got.text?.replaceAll("\r\n", "\n").trimEnd()).toBe(mail.body);
      await vi.waitFor(async () => expect(await waiting()).toEqual([]), WITHIN);
    });
  });

  test("a mail that the server refuses for good, or whose time is over, is dropped, and neither its recipient nor its text is logged; the others go on", async () => {
    await using server = await start({ maxBytes: 2_000 });
    await promise({ body: "x".repeat(5_000) });
    await promise({ subject: "too late" }, -1);
    await promise({ subject: "small enough" });
    const logged = await delivering(mailerTo(server.url), async () => {
      await vi.waitFor(async () => expect(await waiting()).toEqual([]), WITHIN);
    });
    expect(logged).toContain("a mail was refused and is dropped");
    for (const secret of ["ada@", "xxxxx", "small enough"]) expect(logged).not.toContain(secret);
    const subjects = (await server.received()).map((text) => /^Subject: (.*)$/m.exec(text)?.[1]);
    expect(subjects).toEqual(["small enough"]);
  });

  test("nothing of a recipient or a subject becomes another header or recipient", async () => {
    await using server = await start();
    await promise({ subject: "one\r\nBcc: eve@example.org", recipient: "ada@example.org" });
    await delivering(mailerTo(server.url), async () => {
      await vi.waitFor(async () => expect(await server.received()).toHaveLength(1), WITHIN);
    });
    const [text = ""] = await server.received();
    expect(text).not.toMatch(/^Bcc:/im);
    expect(text).toMatch(/^X-RcptTo: ada@example.org$/m);
  });

  test("over the network nothing is sent in the clear unless the operator says so", async () => {
    await using server = await start();
    // A name for this machine that is not one of the loopback's own.
    const url = server.url.replace("127.0.0.1", "[::ffff:127.0.0.1]");
    using strict = mailerTo(url);
    await expect(strict.send(mail)).rejects.toThrow(/TLS/);
    expect(await server.received()).toEqual([]);
    using lax = mailerTo(`${url}?requireTLS=false`);
    await lax.send(mail);
    expect(await server.received()).toHaveLength(1);
  });
});

describe("without a mail server", () => {
  test("mails land in a folder that only its owner reads, and on a page that only the machine itself sees", async () => {
    const folder = await mkdtemp(join(tmpdir(), "stoa-mails-"));
    await promise({ subject: "<script>alert(1)</script>", body: "Open http://market.test/x?a=1&b=2 <b>now</b>" });
    await delivering(folderMailer({ folder, from: FROM }), async () => {
      await vi.waitFor(async () => expect(await waiting()).toEqual([]), WITHIN);
    });
    const [name = ""] = await readdir(folder);
    expect(name).toMatch(/\.eml$/);
    expect((await stat(join(folder, name))).mode & 0o077).toBe(0);

    await using http = await startHttp(database, { mailbox: openMailbox(folder) });
    const list = String((await http.call("GET", "/mailbox")).body);
    expect(list).toContain(`<a href="/mailbox/${name}">&lt;script&gt;alert(1)&lt;/script&gt;</a> to ada@example.org`);
    const shown = await http.call("GET", `/mailbox/${name}`);
    expect(String(shown.body)).toContain('<a href="http://market.test/x?a=1&amp;b=2">');
    expect(String(shown.body)).not.toContain("<b>");
    expect(shown.headers.get("content-security-policy")).toContain("default-src 'none'");
    for (const other of ["..%2F..%2Fetc%2Fpasswd", "2026-01-01T00-00-00.000Z-00000000.eml"])
      expect((await http.call("GET", `/mailbox/${other}`)).status).toBe(404);

    const headers = { "x-forwarded-for": "203.0.113.9" };
    expect((await http.call("GET", "/mailbox", { headers })).status).toBe(403);
    expect(await statusUnderName(http.url, "rebound.example")).toBe(403);
    expect(await statusUnderName(http.url, "localhost")).toBe(200);
    await rm(folder, { recursive: true });
  });

  test("a market that sends its mails, or is not local, has no such page", async () => {
    await using http = await startHttp(database, { mailbox: null });
    expect((await http.call("GET", "/mailbox")).status).toBe(404);
    expect((await http.call("GET", "/mailbox/x.eml")).status).toBe(404);
  });
});

/** What the mailbox answers a browser that reached the server under a name. */
function statusUnderName(url: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(new URL("/mailbox", url), { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.once("error", reject).end();
  });
}
