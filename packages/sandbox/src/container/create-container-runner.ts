import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { matchSchema } from "@stoa/core";
import { agentVersionId, type ExecutionStats, isContainer, type Manifest, StoaError } from "@stoa/protocol";
import { checkHash } from "../admission/check-hash.ts";
import { admitImage } from "../admission/image/admit-image.ts";
import type { Broker } from "../broker/create-broker.ts";
import { imageRepository } from "../engine/marks.ts";
import type { Engine } from "../engine/open-engine.ts";
import type { Runner } from "../runner/create-runner.ts";
import type { ExecutionOutcome, ExecutionRequest } from "../runner/execution.ts";
import { readOutput } from "../runner/read-output.ts";
import { containerOptions } from "./container-options.ts";
import { type ContainerVerdict, judgeContainer } from "./judge-container.ts";
import { loadImage } from "./load-image.ts";
import { runContainer } from "./run-container.ts";

export interface ContainerRunnerOptions {
  manifest: Manifest;
  /** The image's archive, checked against the manifest. */
  artifact: Uint8Array;
  broker: Broker;
  engine: Engine;
  /** Whose the containers are: `sweepEngine` removes by it what a killed node has left. Lower-case letters and digits. */
  nodeId: string;
}

/**
 * Makes a runner for one agent version that is a container image: a container per execution, removed after it.
 * @throws {StoaError} `wrong_hash` or `invalid_artifact` when the image may not be run, or not on this engine's processor
 * @example
 * const engine = await openEngine("/var/run/docker.sock");
 * await using runner = await createContainerRunner({ manifest, artifact, broker, engine, nodeId: "mine" });
 */
export async function createContainerRunner({
  manifest,
  artifact,
  broker,
  engine,
  nodeId,
}: ContainerRunnerOptions): Promise<Runner> {
  if (!isContainer(manifest)) throw new StoaError("invalid_artifact", `${manifest.name} is no container`);
  checkHash(manifest.artifact, artifact);
  const image = await admitImage(artifact);
  if (image.architecture !== engine.architecture)
    throw new StoaError(
      "invalid_artifact",
      `the image of ${manifest.name} is for ${image.architecture}, this engine runs ${engine.architecture}`,
    );
  // Two runners of one version have a tag each, so that closing one takes nothing from the other.
  const tag = `${imageRepository(nodeId)}:${agentVersionId(manifest).slice(2, 34)}-${randomBytes(6).toString("hex")}`;
  const options = containerOptions(tag, manifest.limits, engine, nodeId);
  const closing = new AbortController();
  const alive = new Set<Promise<void>>();
  let loading: Promise<void> | undefined;

  function load(): Promise<void> {
    loading ??= loadImage(engine, Readable.from(image.archive(tag))).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  }

  async function execute(request: ExecutionRequest, signal: AbortSignal): Promise<ExecutionOutcome> {
    const startedAt = performance.now();
    const stats = (judged?: ContainerVerdict): ExecutionStats => ({
      wallMs: performance.now() - startedAt,
      logBytes: judged?.logBytes ?? 0,
      ...judged?.usage,
    });
    const [mismatch] = matchSchema(manifest.input, request.input);
    if (mismatch !== undefined) {
      const message = `the input does not fit the manifest's schema: ${mismatch}`;
      return { status: "failed", reason: "bad_input", message, stats: stats() };
    }
    if (signal.aborted)
      return { status: "failed", reason: "cancelled", message: "the execution was cancelled", stats: stats() };
    try {
      await load();
    } catch (error) {
      const message = `the image could not be loaded: ${(error as Error).message}`;
      return { status: "failed", reason: "sandbox_failed", message, stats: stats() };
    }
    const start = (listener: Parameters<typeof runContainer>[2]) => runContainer(engine, options, listener);
    const { verdict, container } = judgeContainer(start, { ...request, signal }, manifest.limits, broker);
    const judged = await verdict.finally(() => {
      // The requester need not wait until it is gone; closing the runner does.
      const removed = container.remove().finally(() => alive.delete(removed));
      alive.add(removed);
    });
    if (judged.failure) return { status: "failed", ...judged.failure, stats: stats(judged) };
    const read = readOutput(judged.output, manifest);
    if ("problem" in read)
      return { status: "failed", reason: "bad_output", message: read.problem, stats: stats(judged) };
    return { status: "ok", output: read.output, stats: stats(judged) };
  }

  return {
    async warm() {
      await load();
    },
    async run(request) {
      if (closing.signal.aborted)
        throw new StoaError(
          "execution_failed",
          `the runner of ${manifest.name} is closed, execution ${request.executionId} was not started`,
        );
      const signal = request.signal ? AbortSignal.any([request.signal, closing.signal]) : closing.signal;
      const running = execute(request, signal);
      const ended = running.then(
        () => undefined,
        () => undefined,
      );
      alive.add(ended);
      void ended.finally(() => alive.delete(ended));
      return await running;
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      while (alive.size > 0) await Promise.all(alive);
      if (!loading) return;
      await loading.catch(() => undefined);
      // An engine that is gone has the image removed by the next sweep.
      await engine.docker
        .getImage(tag)
        .remove({ force: true })
        .catch(() => undefined);
    },
  };
}
