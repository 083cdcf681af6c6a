import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { manifestFileSchema } from "@stoa/protocol";
import { freePort } from "@stoa/testkit";
import { type ContainerEngine, importPythonBase, startContainerEngine } from "@stoa/testkit/container-engine";
import { installPackages } from "@stoa/testkit/debian";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const BIN = fileURLToPath(new URL("../bin/stoa.mjs", import.meta.url));
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
/** Compilers and sandboxes start many times, on a machine that may be busy. */
const PATIENCE_MS = 240_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stoa-author-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

function run(program: string, args: readonly string[], cwd = folder, env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, RUSTC: DEBIAN_RUST, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended: Ended = { code: null, stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (ended.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (ended.stderr += text));
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("close", (code) => resolve({ ...ended, code }));
  });
}

const stoa = (args: readonly string[], cwd = folder, env: Record<string, string> = {}) =>
  run(process.execPath, [BIN, ...args], cwd, env);

/** Rust as Debian has it, whichever comes first on the path. */
const DEBIAN_RUST = "/usr/bin/rustc";

/** What a template needs of the host is there, or can be had. */
const isBuildable: Record<string, () => boolean> = {
  rust: () =>
    installPackages({
      [DEBIAN_RUST]: "rustc",
      "/usr/lib/rustlib/wasm32-unknown-unknown": "libstd-rust-dev-wasm32",
    }) === undefined,
  c: () => installPackages({ clang: "clang", "wasm-ld": "lld" }) === undefined,
  wasi: () =>
    installPackages({
      clang: "clang",
      "wasm-ld": "lld",
      "/usr/lib/wasm32-wasi/libc.a": "wasi-libc",
      "/usr/lib/llvm-14/lib/clang/14.0.6/lib/wasi": "libclang-rt-dev-wasm32",
    }) === undefined,
};

const kinds: Record<string, string> = { js: "js", ts: "js", wasi: "wasi" };

it.each(["js", "ts", "assemblyscript", "rust", "c", "wasi"])(
  "a new %s agent builds, gives what its recorded inputs expect, and passes its own tests without a server",
  async (template) => {
    const canBuild = isBuildable[template]?.() ?? true;
    const name = `count-${template}`;
    const made = await stoa(["agent", "init", name, "--template", template, "--json"]);
    expect(made, made.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(made.stdout)).toMatchObject({ name, template, capability: `text.count${template}` });
    const project = join(folder, name);
    const tried = await stoa(["agent", "test", "--json"], project);
    if (!canBuild) {
      expect(tried.code).toBe(2);
      expect(JSON.parse(tried.stderr).error).toMatchObject({
        code: "build_failed",
        message: expect.stringContaining("apt install"),
      });
      return;
    }
    expect(tried, tried.stderr).toMatchObject({ code: 0 });
    const told = JSON.parse(tried.stdout);
    expect(told).toMatchObject({ name, version: "1.0.0", isBuiltNow: true, passed: true });
    expect(told.runs.map((one: Record<string, unknown>) => [one["name"], one["isExpected"], one["passed"]])).toEqual([
      ["odd", true, true],
      ["short", true, true],
    ]);
    expect(told.admission).toMatchObject({
      artifact: { kind: kinds[template] ?? "wasm" },
      limits: { memoryMb: 64, timeMs: 5_000 },
      grants: { keyValue: false, http: [], subtasks: [] },
    });
    const own = await run("npm", ["test"], project);
    expect(own, own.stdout + own.stderr).toMatchObject({ code: 0 });
    expect(own.stdout).toMatch(/fail 0/);
    if (template === "ts") {
      const checked = await run(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", project]);
      expect(checked, checked.stdout).toMatchObject({ code: 0 });
    }
  },
  PATIENCE_MS,
);

const engine = await startContainerEngine();
const missingEngine = "missing" in engine ? engine.missing : undefined;
afterAll(async () => {
  if (!("missing" in engine)) await engine[Symbol.asyncDispose]();
});

it.skipIf(missingEngine !== undefined)(
  `a new python agent builds with Docker, gives what its recorded inputs expect, and passes its own tests without one${missingEngine === undefined ? "" : `, not tested: ${missingEngine}`}`,
  async () => {
    const { socketPath } = engine as ContainerEngine;
    expect(await importPythonBase(socketPath, "debian-python")).toBeUndefined();
    const made = await stoa(["agent", "init", "count-python", "--template", "python", "--json"]);
    expect(made, made.stderr).toMatchObject({ code: 0 });
    const project = join(folder, "count-python");
    const withDocker = { DOCKER_HOST: `unix://${socketPath}`, BASE: "debian-python" };
    const tried = await stoa(["agent", "test", "--json"], project, withDocker);
    expect(tried, tried.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(tried.stdout)).toMatchObject({
      isBuiltNow: true,
      passed: true,
      runs: [
        { name: "odd", isExpected: true },
        { name: "short", isExpected: true },
      ],
      admission: { artifact: { kind: "container" } },
    });
    const own = await run("npm", ["test"], project);
    expect(own, own.stdout + own.stderr).toMatchObject({ code: 0, stderr: expect.stringContaining("Ran 2 tests") });
    const contained = await run("npm", ["run", "test:container"], project, withDocker);
    expect(contained, contained.stdout + contained.stderr).toMatchObject({ code: 0 });
    expect(contained.stdout).toMatch(/fail 0/);
    await writeFile(join(project, "src/agent.py"), "raise SystemExit('no')");
    const broken = await stoa(["agent", "test", "--json"], project, withDocker);
    expect(broken.code).toBe(1);
    expect(JSON.parse(broken.stdout).runs[0]).toMatchObject({ reason: "crashed" });
    await writeFile(join(project, "src/Dockerfile"), "FROM nowhere.invalid/none\n");
    const unbuilt = await stoa(["agent", "test", "--json"], project, withDocker);
    expect(JSON.parse(unbuilt.stderr).error).toMatchObject({
      code: "build_failed",
      message: expect.stringContaining("docker build ended with code 1"),
    });
  },
  PATIENCE_MS,
);

it(
  "a new remote agent answers what its recorded inputs expect, and passes its own tests without a market",
  async () => {
    const made = await stoa(["agent", "init", "count-remote", "--template", "remote"]);
    expect(made, made.stderr).toMatchObject({ code: 0 });
    const project = join(folder, "count-remote");
    const own = await run("npm", ["test"], project);
    expect(own, own.stdout + own.stderr).toMatchObject({ code: 0 });
    const port = await freePort();
    const manifest = join(project, "manifest.yaml");
    await writeFile(manifest, (await readFile(manifest, "utf8")).replace(":8700/", `:${port}/`));
    const server = spawn(process.execPath, ["src/server.js"], {
      cwd: project,
      env: { ...process.env, PORT: String(port) },
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      await once(server.stdout, "data");
      const tried = await stoa(["agent", "test", "--json"], project);
      expect(tried, tried.stderr).toMatchObject({ code: 0 });
      expect(JSON.parse(tried.stdout)).toMatchObject({ passed: true, admission: { artifact: { kind: "remote" } } });
    } finally {
      server.kill();
      await once(server, "exit");
    }
    const dead = await stoa(["agent", "test", "--json"], project);
    expect(dead.code).toBe(1);
    expect(JSON.parse(dead.stdout).runs[0]).toMatchObject({ passed: false, problems: [expect.any(String)] });
  },
  PATIENCE_MS,
);

describe("stoa agent init", () => {
  it("writes nothing where something is already", async () => {
    await writeFile(join(folder, "a-file"), "mine");
    const before = await readdir(folder);
    const { code, stderr } = await stoa(["agent", "init", "word-count", "--folder", "."]);
    expect(code).toBe(2);
    expect(stderr).toContain("nothing was written");
    expect(await readdir(folder)).toEqual(before);
  });

  it.each([["Word Count"], ["../elsewhere"], ["x".repeat(65)], ["x\nlicence: MIT"], ["--", "-x"]])(
    "writes nothing for a name no agent may have: %s",
    async (...name) => {
      const { code, stderr } = await stoa(["agent", "init", "--folder", "unnamed", ...name]);
      expect(code, stderr).toBe(2);
      expect(existsSync(join(folder, "unnamed"))).toBe(false);
    },
  );
});

describe("stoa agent test", () => {
  it(
    "ends with a failure, and says what is wrong where, when an output is not what was expected",
    async () => {
      const project = join(folder, "wrong");
      await stoa(["agent", "init", "wrong", "--template", "js"]);
      await writeFile(join(project, "inputs/short.expected.json"), '{ "words": 8, "characters": 47 }');
      const { code, stdout, stderr } = await stoa(["agent", "test"], project);
      expect(code, stderr).toBe(1);
      expect(stdout).toMatch(/short +unexpected/);
      expect(stdout).toContain("short: /words: expected 8, got 9");
      expect(stdout).toMatch(/memory +at most 64 MB/);
      expect(stdout).toMatch(/may use +nothing outside its sandbox/);
      const asked = await stoa(["agent", "test", "--input", '{"text":7}'], project);
      expect(asked.code).toBe(1);
      expect(asked.stdout).toContain("input /text must be string");
    },
    PATIENCE_MS,
  );
});

it("the schema for editors is what the command prints", async () => {
  const { stdout } = await stoa(["agent", "schema"]);
  expect(JSON.parse(stdout)).toEqual(manifestFileSchema());
  const file = await readFile(join(ROOT, "packages/agent-kit/manifest.schema.json"), "utf8");
  expect(JSON.parse(file)).toEqual(manifestFileSchema());
});
