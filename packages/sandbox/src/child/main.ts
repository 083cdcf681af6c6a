/**
 * The sandbox process. It loads its own code, gives up every privilege, and only then takes in an artifact;
 * after that it answers `run` frames one at a time until it is killed or its runner is gone.
 * Arguments: kind of agent; the uid to become (empty to stay); "watch" to end with the runner by a thread of its own.
 */
import { Worker } from "node:worker_threads";
import { MAX_FAILURE_LENGTH } from "../frames/messages.ts";
import { type AgentHost, AgentFailure, createAgentHost } from "./agent-host.ts";
import { openChannel } from "./channel.ts";
import { runWasm } from "./run-wasm.ts";

interface Execution {
  output: Uint8Array;
  peakMemoryMb: number;
}
interface Load {
  memoryMb: number;
  outputBytes: number;
  logBytes: number;
}
type Execute = (input: Buffer, host: AgentHost) => Execution | Promise<Execution>;

const CHANNEL_FD = 3;
const LIFE_FD = 4;

const [, , kind, uid, watch] = process.argv;
const channel = openChannel(CHANNEL_FD);

/** Loads all code this kind needs, and gives what turns an artifact into something to execute. */
async function prepare(): Promise<(artifact: Buffer<ArrayBuffer>, load: Load) => Execute> {
  if (kind === "wasm") {
    return (artifact, load) => {
      const module = new WebAssembly.Module(artifact);
      return (input, host) => runWasm(module, input, host, load.memoryMb, load.outputBytes);
    };
  }
  if (kind === "wasi") {
    const { runWasi } = await import("./run-wasi.ts");
    return (artifact, load) => {
      const module = new WebAssembly.Module(artifact);
      return (input, host) => runWasi(module, input, host, load);
    };
  }
  const { loadInterpreter, runJs, warmInterpreter } = await import("./run-js.ts");
  const interpreter = loadInterpreter();
  await warmInterpreter(interpreter);
  return (artifact, load) => {
    const source = artifact.toString("utf8");
    return (input, host) => runJs(interpreter, source, input.toString("utf8"), host, load.memoryMb, load.outputBytes);
  };
}

function dropPrivileges(): void {
  if (!uid) return;
  process.setgroups!([]);
  process.setgid!(Number(uid));
  process.setuid!(Number(uid));
}

/**
 * Starts the thread that ends this process with its runner, and waits for its word that it watches: until then it reads
 * its code, which the user this process becomes next may not be able to.
 */
async function watchRunner(): Promise<void> {
  // Without bounds of its own a second thread would set aside as much address space as the first.
  const resourceLimits = { codeRangeSizeMb: 16, maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 };
  const worker = new Worker(new URL("./watch.ts", import.meta.url), { workerData: LIFE_FD, resourceLimits });
  await new Promise<void>((resolve, reject) => {
    worker.once("message", () => resolve());
    worker.once("error", reject);
  });
}

const load = await prepare();
if (watch === "watch") await watchRunner();
dropPrivileges();
channel.send({ type: "ready" });

const first = channel.receive();
const bounds = first.message as Load;
const execute = load(Buffer.from(first.bytes), bounds);
channel.send({ type: "loaded" });

for (;;) {
  const input = channel.receive().bytes;
  const before = process.cpuUsage();
  const cpuMs = () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  };
  try {
    const { output, peakMemoryMb } = await execute(Buffer.from(input), createAgentHost(channel, bounds.logBytes));
    channel.send({ type: "done", cpuMs: cpuMs(), peakMemoryMb }, output);
  } catch (error) {
    const reason = error instanceof AgentFailure ? error.reason : "crashed";
    const message = (error instanceof Error ? error.message : String(error)).slice(0, MAX_FAILURE_LENGTH);
    channel.send({ type: "failed", reason, message, cpuMs: cpuMs() });
  }
}
