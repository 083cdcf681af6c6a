/**
 * The sandbox process. It loads its own code, gives up every privilege, and only then takes in an artifact;
 * after that it answers `run` frames one at a time until it is killed or its runner is gone.
 * Arguments: kind of agent; the uid to become (empty to stay); "watch" to end with the runner by a thread of its own.
 */
import { Worker } from "node:worker_threads";
import { type Load, MAX_FAILURE_LENGTH, type ToChild } from "../frames/messages.ts";
import { type AgentHost, AgentFailure, createAgentHost } from "./agent-host.ts";
import { openChannel } from "./channel.ts";
import { createMeter, type Meter } from "./meter.ts";
import { runWasm } from "./run-wasm.ts";

interface Execution {
  output: Uint8Array;
  peakMemoryMb: number;
}
type Execute = (input: Buffer, host: AgentHost, meter?: Meter) => Execution | Promise<Execution>;
/** Bytes that are compiled as they are: the runner has checked them. */
type Code = Buffer<ArrayBuffer>;

const CHANNEL_FD = 3;
const LIFE_FD = 4;

const [, , kind, uid, watch] = process.argv;
const channel = openChannel(CHANNEL_FD);

/** Loads all code this kind needs, and gives what turns an artifact into something to execute. */
async function prepare(): Promise<(artifact: Code, load: Load, interpreter?: Code) => Execute> {
  if (kind === "wasm") {
    return (artifact, load) => {
      const module = new WebAssembly.Module(artifact);
      return (input, host, meter) => runWasm(module, input, host, load, meter);
    };
  }
  if (kind === "wasi") {
    const { runWasi } = await import("./run-wasi.ts");
    return (artifact, load) => {
      const module = new WebAssembly.Module(artifact);
      return (input, host, meter) => runWasi(module, input, host, load, meter);
    };
  }
  const { loadInterpreter, runJs, warmInterpreter } = await import("./run-js.ts");
  const own = loadInterpreter();
  await warmInterpreter(own);
  return (artifact, load, metered) => {
    const interpreter = metered ? new WebAssembly.Module(metered) : own;
    const source = artifact.toString("utf8");
    return (input, host, meter) => runJs(interpreter, source, input.toString("utf8"), host, load, meter);
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

// What an agent is told of the time does not depend on where it runs.
process.env["TZ"] = "UTC";
const load = await prepare();
if (watch === "watch") await watchRunner();
dropPrivileges();
channel.send({ type: "ready" });

let frame = channel.receive();
let interpreter: Code | undefined;
if ((frame.message as ToChild).type === "interpreter") {
  interpreter = Buffer.from(frame.bytes);
  frame = channel.receive();
}
const bounds = frame.message as Load;
const execute = load(Buffer.from(frame.bytes), bounds, interpreter);
// A clock that stands still tells nobody how fast the machine is.
if (bounds.determinism) Date.now = () => 0;
channel.send({ type: "loaded" });

for (;;) {
  const input = channel.receive().bytes;
  const before = process.cpuUsage();
  const cpuMs = () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  };
  const meter = bounds.determinism && createMeter(bounds.determinism, input);
  const fuel = () => (meter ? { fuel: meter.used() } : {});
  try {
    const { output, peakMemoryMb } = await execute(
      Buffer.from(input),
      createAgentHost(channel, bounds.logBytes),
      meter,
    );
    // An agent may have caught what told it of its end.
    const ended = meter?.failure();
    if (ended) throw ended;
    channel.send({ type: "done", cpuMs: cpuMs(), peakMemoryMb, ...fuel() }, output);
  } catch (thrown) {
    const error = meter?.failure() ?? thrown;
    const reason = error instanceof AgentFailure ? error.reason : "crashed";
    const message = (error instanceof Error ? error.message : String(error)).slice(0, MAX_FAILURE_LENGTH);
    channel.send({ type: "failed", reason, message, cpuMs: cpuMs(), ...fuel() });
  }
}
