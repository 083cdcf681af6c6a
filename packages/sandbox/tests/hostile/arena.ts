import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createSocket } from "node:dgram";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AgentVersionId, hashBytes } from "@stoa/protocol";
import {
  type Containment,
  type ContainmentOptions,
  detectContainment,
  type Engine,
  openKeyValueStore,
} from "@stoa/sandbox";
import { NODE_LABEL } from "../../src/engine/marks.ts";
import { eventually } from "../process-tree.ts";

/** What an attack may go for on a node, each with a mark that shows when it got there. */
export interface Arena extends AsyncDisposable {
  containment: Containment;
  /** What runs containers, on a host that has it. */
  engine: Engine | undefined;
  /** Texts that no agent may ever show: in a file, in the environment, in another agent version's key-value memory. */
  secrets: readonly string[];
  /** Stands in the command line of what escapes start, and in the names of what they write. */
  mark: string;
  folder: string;
  secretFile: string;
  /** An artifact as a node keeps it, named by its hash. */
  cachedArtifact: string;
  keyValueFile: string;
  /** The folder of every agent version's memory, each a file. */
  memoryFolder: string;
  /** A listener on loopback, and one at a path: neither may ever see a connection. */
  port: number;
  datagramPort: number;
  socketPath: string;
  /** A process of the operator's that must go on living. */
  victimPid: number;
  /**
   * What has come to harm so far.
   * @param shown what attackers showed
   * @param patienceMs how long what they started may take to be gone
   */
  harm(shown: string, patienceMs?: number): Promise<string[]>;
}

/** Whose the arena's containers are. */
export const ARENA_NODE = "arena";
export const OTHER_VERSION = "0xother" as AgentVersionId;
export const OTHER_KEY = "treasure";

/** Folders that everybody may write to. */
const COMMON_FOLDERS = ["/tmp", "/dev/shm"].filter((folder) => existsSync(folder));
const INTRINSICS = { Object, Array, Function, String, Promise, Map, Set, JSON, Reflect, RegExp, Error, Buffer };

/** Every property of what a polluted broker would show it at. */
function shapeOfRealm(): string {
  const keys = (value: object) => Reflect.ownKeys(value).map(String);
  return JSON.stringify(
    Object.entries(INTRINSICS).map(([name, value]) => [
      name,
      keys(value),
      "prototype" in value ? keys(value.prototype as object) : [],
    ]),
  );
}

/** Every file below a folder with its content; a link or a folder stands for itself. */
function contentsOf(folder: string): string {
  const lines = readdirSync(folder, { withFileTypes: true, recursive: true }).map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return `${path} ${entry.isFile() ? hashOf(path) : ""}`;
  });
  return lines.toSorted((a, b) => a.localeCompare(b)).join("\n");
}
const hashOf = (path: string) => hashBytes(readFileSync(path));

function attemptText(read: () => string): string {
  try {
    return read();
  } catch (error) {
    return String(error);
  }
}

/** Whether a process lives, or is held, and how it is ranked. */
function stateOf(pid: number): string {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(" ");
    return `${/^[RSD]$/.test(fields[2]!) ? "alive" : fields[2]} at ${fields[18]}`;
  } catch {
    return "gone";
  }
}

/** Processes that have a mark in their command line. */
function marked(mark: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, "utf8").includes(mark);
      } catch {
        // It ended meanwhile.
        return false;
      }
    })
    .map(Number);
}

/** Containers of the arena's that are still there. */
async function containersLeft(engine: Engine | undefined): Promise<number> {
  if (!engine) return 0;
  const listed = await engine.docker.listContainers({ all: true, filters: { label: [`${NODE_LABEL}=${ARENA_NODE}`] } });
  return listed.length;
}

async function listen(server: Server, at: number | string): Promise<void> {
  if (typeof at === "number") server.listen(at, "127.0.0.1");
  else server.listen(at);
  await once(server, "listening");
}

/** Sets up what there is to attack, on a host of the means given. */
export async function openArena(options: ContainmentOptions = {}, engine?: Engine): Promise<Arena> {
  const mark = randomUUID();
  const secrets = ["file", "environment", "memory"].map((place) => `secret-of-the-${place}-${mark}`);
  const [inFile, inEnvironment, inMemory] = secrets as [string, string, string];
  const folder = await mkdtemp(join(tmpdir(), `stoa-arena-${mark}-`));
  const secretFile = join(folder, "node.key");
  await writeFile(secretFile, inFile);
  const artifact = Buffer.from("export const run = () => 1;");
  const cachedArtifact = join(folder, "artifacts", hashBytes(artifact));
  await mkdir(join(folder, "artifacts"));
  await writeFile(cachedArtifact, artifact);
  const memoryFolder = join(folder, "agents");
  await openKeyValueStore({ folder: memoryFolder }).set(OTHER_VERSION, OTHER_KEY, inMemory);
  const keyValueFile = join(memoryFolder, `${OTHER_VERSION}.json`);
  const variable = `STOA_SECRET_${mark}`;
  process.env[variable] = inEnvironment;

  let connections = 0;
  const servers = [createServer(), createServer()];
  for (const server of servers)
    server.on("connection", (socket) => {
      connections += 1;
      socket.on("error", () => undefined).end(inFile);
    });
  const socketPath = join(folder, "engine.sock");
  await listen(servers[0]!, 0);
  await listen(servers[1]!, socketPath);
  const datagrams = createSocket("udp4").on("message", () => {
    connections += 1;
  });
  datagrams.bind(0, "127.0.0.1");
  await once(datagrams, "listening");
  const victim: ChildProcess = spawn("sleep", ["86400"], { stdio: "ignore" });
  await once(victim, "spawn");

  const realm = shapeOfRealm();
  const kept = () =>
    attemptText(() => [contentsOf(join(folder, "artifacts")), hashOf(secretFile), hashOf(keyValueFile)].join());
  const before = { files: kept(), state: stateOf(victim.pid!) };
  return {
    containment: await detectContainment(options),
    engine,
    secrets,
    mark,
    folder,
    secretFile,
    cachedArtifact,
    keyValueFile,
    memoryFolder,
    port: (servers[0]!.address() as AddressInfo).port,
    datagramPort: datagrams.address().port,
    socketPath,
    victimPid: victim.pid!,
    async harm(shown, patienceMs = 20_000) {
      const found = secrets.filter((secret) => shown.includes(secret)).map((secret) => `it showed the ${secret}`);
      if (connections > 0) found.push(`it made ${connections} connections`);
      if (kept() !== before.files) found.push("it changed the node's files");
      const state = stateOf(victim.pid!);
      if (state !== before.state) found.push(`it changed another process, which is ${state}`);
      await eventually(() => marked(mark).length === 0, patienceMs, "what it started is gone").catch((error: Error) =>
        found.push(error.message),
      );
      await eventually(async () => (await containersLeft(engine)) === 0, patienceMs, "its containers are gone").catch(
        (error: Error) => found.push(error.message),
      );
      const litter = COMMON_FOLDERS.flatMap((common) => readdirSync(common)).filter(
        (name) => name.includes(mark) && !folder.endsWith(name),
      );
      if (litter.length > 0) found.push(`it left ${litter.length} files`);
      if (shapeOfRealm() !== realm) found.push("it changed the node's own objects");
      return found;
    },
    async [Symbol.asyncDispose]() {
      delete process.env[variable];
      for (const pid of marked(mark)) process.kill(pid, "SIGKILL");
      for (const server of servers) server.close();
      datagrams.close();
      victim.kill("SIGKILL");
      await rm(folder, { recursive: true });
    },
  };
}
