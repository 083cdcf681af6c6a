import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StoaError } from "@stoa/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toConfig } from "../../src/config.ts";
import { readOidcFile } from "../../src/read-oidc-file.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stoa-oidc-"));
});
afterAll(() => rm(folder, { recursive: true }));

const site = {
  id: "example",
  name: "Example",
  issuer: "https://id.example.org",
  clientId: "stoa",
  clientSecret: "not to be told",
};

async function read(content: string) {
  const path = join(folder, "oidc.json");
  await writeFile(path, content);
  return readOidcFile(path).catch((error: unknown) => error);
}

describe("the file of sites to sign in by", () => {
  test("is read as it is, and may be absent", async () => {
    expect(await read(JSON.stringify([site]))).toEqual([site]);
    expect(await readOidcFile(undefined)).toEqual([]);
  });

  test.each<[string, unknown]>([
    ["no list", site],
    ["a site without a secret", [{ ...site, clientSecret: undefined }]],
    ["a field that is none", [{ ...site, secret: "x" }]],
    ["an id that fits no address", [{ ...site, id: "Ex/ample" }]],
    ["an issuer in the clear", [{ ...site, issuer: "http://id.example.org" }]],
    ["an issuer that is no address", [{ ...site, issuer: "https://" }]],
    ["two sites of one id", [site, site]],
  ])("with %s keeps the server from starting, and its secrets are not told", async (_, content) => {
    const refused = await read(JSON.stringify(content));
    expect(refused).toMatchObject({
      code: "invalid_configuration",
      message: expect.stringContaining("STOA_OIDC_FILE"),
    });
    expect((refused as StoaError).message).not.toContain(site.clientSecret);
  });

  test("that is no JSON, or not there, is told so", async () => {
    expect(await read("{")).toMatchObject({ code: "invalid_configuration" });
    await expect(readOidcFile(join(folder, "none"))).rejects.toMatchObject({ code: "invalid_configuration" });
  });
});

describe("the mail server", () => {
  const address = `0x${"11".repeat(20)}`;
  const env = { STOA_RPC_URL: "http://127.0.0.1:8545", STOA_VAULT: address, STOA_TOKEN: address };

  test("is an SMTP address with a sender, and its password is not told", () => {
    const from = { STOA_MAIL_FROM: "Stoa <market@example.org>" };
    expect(toConfig({ ...env, ...from, STOA_SMTP_URL: "smtps://me:secret@mail.example.org" }).smtpUrl).toContain(
      "smtps:",
    );
    expect(toConfig(env).smtpUrl).toBeUndefined();
    for (const change of [
      { ...from, STOA_SMTP_URL: "https://me:secret@mail.example.org" },
      { ...from, STOA_SMTP_URL: "me:secret@mail.example.org" },
      { STOA_SMTP_URL: "smtps://me:secret@mail.example.org" },
    ]) {
      const refused = () => toConfig({ ...env, ...change });
      expect(refused).toThrow(/STOA_(SMTP_URL|MAIL_FROM)/);
      expect(refused).not.toThrow(/secret/);
    }
  });
});
