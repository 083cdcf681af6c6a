import { setTimeout as delay } from "node:timers/promises";
import type { Duplex } from "node:stream";
import type { ExecutionFailureReason, Json } from "@stoa/protocol";
import type Docker from "dockerode";
import type { ContainerCreateOptions } from "dockerode";
import { attach } from "../engine/attach.ts";
import type { Engine } from "../engine/open-engine.ts";
import { createStreamSplitter } from "../engine/stream-splitter.ts";
import type { ContainerEnd } from "./explain-end.ts";

/** What happens in a container, in order; `end` is last and comes once. */
export interface ContainerListener {
  /** Its process runs. */
  onStart(): void;
  onStdout(bytes: Buffer): void;
  onStderr(bytes: Buffer): void;
  onEnd(end: ContainerEnd): void;
  /** It could not be started, or the engine failed meanwhile. */
  onFault(reason: Extract<ExecutionFailureReason, "crashed" | "sandbox_failed">, message: string): void;
}

export interface RunningContainer {
  /** Writes one line of JSON to its standard input. */
  send(message: Json): void;
  /** Kills and removes it, at whatever point it stands. Resolves when it is gone, or the engine does not answer. */
  remove(): Promise<void>;
}

/** Tries to remove a container before it is left to the next sweep. */
const REMOVE_TRIES = 5;
const REMOVE_PAUSE_MS = 200;
/** How long the streams may be behind the end of the process. */
const STREAM_END_MS = 5_000;
/** How long an engine may take to learn from its kernel that memory was why a process was killed. */
const OOM_TRIES = 100;
const OOM_PAUSE_MS = 30;
const KILLED = 137;

const statusOf = (error: unknown) => (error as { statusCode?: number }).statusCode;

async function removeContainer(container: Docker.Container): Promise<void> {
  for (let tried = 1; tried <= REMOVE_TRIES; tried += 1) {
    try {
      return void (await container.remove({ force: true, v: true }));
    } catch (error) {
      if (statusOf(error) === 404) return;
      await delay(REMOVE_PAUSE_MS);
    }
  }
}

async function readEnd(container: Docker.Container, exitCode: number): Promise<ContainerEnd> {
  for (let tried = 1; ; tried += 1) {
    const { OOMKilled: isOutOfMemory } = (await container.inspect()).State;
    if (isOutOfMemory || exitCode !== KILLED || tried === OOM_TRIES) return { exitCode, isOutOfMemory };
    await delay(OOM_PAUSE_MS);
  }
}

/** An engine answers so when the command is not there or cannot be executed, which is the image's fault. */
function faultOf(error: unknown): Parameters<ContainerListener["onFault"]> {
  const message = (error as Error).message;
  return statusOf(error) === 400 && /exec|no such file|permission denied|working directory/i.test(message)
    ? ["crashed", `the image's command cannot be started: ${message.slice(0, 300)}`]
    : ["sandbox_failed", `the container engine failed: ${message.slice(0, 300)}`];
}

/** Makes a container and starts it; what happens to it is told to the listener until it is removed. */
export function runContainer(
  engine: Engine,
  options: ContainerCreateOptions,
  listener: ContainerListener,
): RunningContainer {
  let stream: Duplex | undefined;
  let isStarted = false;
  let isRemoved = false;
  const waiting: string[] = [];

  async function follow(container: Docker.Container): Promise<void> {
    const joined = await attach(engine, container.id);
    stream = joined;
    if (isRemoved) return void joined.destroy();
    const drained = new Promise<void>((resolve) => joined.once("close", resolve).once("end", resolve));
    joined.on("error", () => undefined);
    joined.on("data", createStreamSplitter(listener.onStdout, listener.onStderr));
    await container.start();
    listener.onStart();
    isStarted = true;
    for (const line of waiting) joined.write(line);
    const { StatusCode: exitCode } = (await container.wait({ condition: "not-running" })) as { StatusCode: number };
    const end = await readEnd(container, exitCode);
    await Promise.race([drained, delay(STREAM_END_MS, undefined, { ref: false })]);
    listener.onEnd(end);
  }

  const created = engine.docker.createContainer(options);
  created.then(follow).catch((error: unknown) => {
    if (!isRemoved) listener.onFault(...faultOf(error));
  });

  return {
    send(message) {
      const line = `${JSON.stringify(message)}\n`;
      if (isStarted) stream?.write(line);
      else waiting.push(line);
    },
    async remove() {
      isRemoved = true;
      stream?.destroy();
      // One that was never made needs no removal, and the listener was told why.
      const container = await created.catch(() => undefined);
      if (container) await removeContainer(container);
    },
  };
}
