import { matchSchema } from "@stoa/core";
import { StoaError } from "@stoa/protocol";
import type { Runner } from "../runner/create-runner.ts";
import type { ExecutionOutcome, ExecutionRequest } from "../runner/execution.ts";
import { readOutput } from "../runner/read-output.ts";
import { type EndpointOptions, openEndpoint } from "./endpoint.ts";
import { runRemote } from "./run-remote.ts";

/**
 * Makes a runner for an agent behind an endpoint of its author's: A2A, an MCP tool or plain HTTP. Time, output and log
 * are bounded as for every other agent; what the endpoint does with the input is its author's affair.
 * @throws {StoaError} `invalid_artifact` when this node may not call the endpoint
 * @example
 * await using runner = createRemoteRunner({ manifest, signer });
 * const outcome = await runner.run({ executionId: "1", input: { text: "…" } });
 */
export function createRemoteRunner(options: EndpointOptions): Runner {
  const { manifest } = options;
  const endpoint = openEndpoint(options);
  const closing = new AbortController();
  const ongoing = new Set<Promise<void>>();

  async function execute(request: ExecutionRequest): Promise<ExecutionOutcome> {
    const startedAt = performance.now();
    const stats = (logBytes = 0) => ({ wallMs: performance.now() - startedAt, logBytes });
    const [mismatch] = matchSchema(manifest.input, request.input);
    if (mismatch !== undefined) {
      const message = `the input does not fit the manifest's schema: ${mismatch}`;
      return { status: "failed", reason: "bad_input", message, stats: stats() };
    }
    const { verdict, gone } = runRemote(endpoint, request);
    ongoing.add(gone);
    void gone.then(() => ongoing.delete(gone));
    const { failure, output, logBytes } = await verdict;
    if (failure) return { status: "failed", ...failure, stats: stats(logBytes) };
    const read = readOutput(output, manifest);
    if ("problem" in read)
      return { status: "failed", reason: "bad_output", message: read.problem, stats: stats(logBytes) };
    return { status: "ok", output: read.output, stats: stats(logBytes) };
  }

  return {
    // There is nothing to start: the endpoint runs already, or it does not.
    warm: () => Promise.resolve(),
    async run(request) {
      if (closing.signal.aborted)
        throw new StoaError(
          "execution_failed",
          `the runner of ${manifest.name} is closed, execution ${request.executionId} was not started`,
        );
      const signal = request.signal ? AbortSignal.any([request.signal, closing.signal]) : closing.signal;
      return await execute({ ...request, signal });
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await Promise.all(ongoing);
      endpoint[Symbol.dispose]();
    },
  };
}
