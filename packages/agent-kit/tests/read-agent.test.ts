import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { agentVersionId, hashBytes } from "@stoa/protocol";
import { describe, expect, it } from "vitest";
import { readAgent } from "@stoa/agent-kit/project";

const CODE = "export function run(input) { return input; }\n";
const written = {
  stoa: 1,
  name: "echo",
  version: "1.0.0",
  description: "Gives back what it gets.",
  capabilities: ["text.echo"],
  input: { type: "string" },
  output: { type: "string" },
  artifact: { kind: "js" },
  limits: { memoryMb: 64, timeMs: 1_000, outputBytes: 1_000, logBytes: 0 },
  grants: {},
  royalty: "0",
  licence: "Apache-2.0",
};

async function setup(files: Record<string, unknown>) {
  const folder = await mkdtemp(join(tmpdir(), "stoa-agent-"));
  await mkdir(join(folder, "build"));
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  }
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

describe("an agent on disk", () => {
  it("is read from its folder, and its manifest completed from the artifact beside it", async () => {
    await using agent = await setup({ "manifest.json": written, "agent.js": CODE });
    const { manifest } = await readAgent(agent.folder);
    expect(manifest.artifact).toEqual({ kind: "js", hash: hashBytes(Buffer.from(CODE)), bytes: CODE.length });
  });

  it("is read as it was built when it was built", async () => {
    const built = {
      ...written,
      version: "1.0.1",
      artifact: { kind: "js", hash: hashBytes(Buffer.from(CODE)), bytes: CODE.length },
    };
    await using agent = await setup({ "manifest.json": written, "build/manifest.json": built, "build/agent.js": CODE });
    expect((await readAgent(agent.folder)).manifest.version).toBe("1.0.1");
  });

  it("is the same version whether its manifest is JSON or YAML, and wherever its schema is", async () => {
    const json = { "manifest.json": { $schema: "./manifest.schema.json", ...written }, "agent.js": CODE };
    const { name, version, ...rest } = written;
    const flow = Object.entries(rest)
      .reverse()
      .map(([field, value]) => `${field}: ${JSON.stringify(value)}`);
    const yaml = ["# comments are no part of it", ...flow, `name: ${name}`, `version: ${version}`].join("\n");
    await using first = await setup(json);
    await using second = await setup({ "manifest.yaml": yaml, "agent.js": CODE });
    const ids = await Promise.all(
      [first, second].map(async ({ folder }) => agentVersionId((await readAgent(folder)).manifest)),
    );
    expect(ids[1]).toBe(ids[0]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      "has two manifests",
      { "manifest.json": written, "manifest.yaml": "stoa: 1", "agent.js": CODE },
      "invalid_manifest",
    ],
    ["has YAML that names a field twice", { "manifest.yaml": "stoa: 1\nstoa: 1", "agent.js": CODE }, "malformed_json"],
    ["has YAML that makes objects of its own", { "manifest.yaml": "stoa: !!js/function 1" }, "malformed_json"],
    [
      "has YAML that unfolds without end",
      {
        "manifest.yaml": [
          "a: &a [x,x,x,x,x,x,x,x,x,x]",
          ..."bcdefgh"
            .split("")
            .map((name, at) => `${name}: &${name} [${Array(10).fill(`*${"abcdefg"[at]}`).join(",")}]`),
        ].join("\n"),
      },
      "malformed_json",
    ],
    ["has no manifest", {}, "not_found"],
    ["has a manifest that is no JSON", { "manifest.json": "{" }, "malformed_json"],
    ["was not built", { "manifest.json": written }, "not_found"],
    [
      "has another artifact than it says",
      { "manifest.json": { ...written, artifact: { kind: "js", hash: `0x${"00".repeat(32)}` } }, "agent.js": CODE },
      "wrong_hash",
    ],
    [
      "is of a kind nobody runs",
      { "manifest.json": { ...written, artifact: { kind: "exe" } }, "agent.js": CODE },
      "invalid_manifest",
    ],
    [
      "breaks a rule of manifests",
      { "manifest.json": { ...written, name: "No Name" }, "agent.js": CODE },
      "invalid_manifest",
    ],
  ])("that %s is refused with %3$s", async (_name, files, code) => {
    await using agent = await setup(files);
    await expect(readAgent(agent.folder)).rejects.toMatchObject({ code });
  });
});
