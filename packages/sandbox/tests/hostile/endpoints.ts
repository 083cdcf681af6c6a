import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { createRemoteRunner } from "@stoa/sandbox";
import { endpointAgent } from "../endpoint-agent.ts";
import { type Ending, isExpected } from "./agent-attack.ts";
import type { Attack, Family } from "./attack.ts";

const PATIENT_MS = 60_000;
const BRIEF_MS = 400;

/** An attack by what answers at an agent's endpoint. */
function byEndpoint(name: string, path: string, ends: Ending[], says?: RegExp): Attack {
  return {
    name,
    async launch() {
      const child = fork(join(import.meta.dirname, "hostile-endpoint.ts"));
      try {
        const [port] = (await once(child, "message")) as [number];
        const timeMs = ends.includes("timeout") ? BRIEF_MS : PATIENT_MS;
        const limits = { memoryMb: 1, timeMs, outputBytes: 20_000, logBytes: 4_000 };
        const artifact = { protocol: "http" as const, url: `http://127.0.0.1:${port}${path}` };
        const manifest = endpointAgent(artifact, { input: true, output: true, limits });
        await using runner = createRemoteRunner({ manifest, allowLoopback: true });
        const shown: unknown[] = [];
        const outcome = await runner.run({
          executionId: randomUUID(),
          input: null,
          onLog: (lines) => shown.push(lines),
          onProgress: (fraction, text) => shown.push([fraction, text]),
        });
        shown.push(outcome);
        if (!isExpected(outcome, ends, says)) throw new Error(`it ended with ${JSON.stringify(outcome).slice(0, 500)}`);
        if (/[\u001b\u202e]/.test(JSON.stringify(shown))) throw new Error("it would steer a terminal");
        return JSON.stringify(shown);
      } finally {
        const exited = once(child, "exit");
        child.disconnect();
        await exited;
      }
    },
  };
}

/** Agents behind endpoints that attack whoever calls them. */
export const endpoints: Family = {
  name: "hostile endpoints",
  attacks: [
    byEndpoint("an endpoint that says nothing", "/silent", ["timeout"]),
    byEndpoint("a status line in drops", "/drip-head", ["timeout", "crashed"]),
    byEndpoint("headers in drops", "/drip-headers", ["timeout"]),
    byEndpoint("an answer in drops", "/drip-body", ["timeout"]),
    byEndpoint("early hints without end", "/informational", ["crashed"], /ahead of its answer/),
    byEndpoint("word to continue, again and again", "/continue", ["crashed"], /ahead of its answer/),
    byEndpoint("headers without end", "/headers", ["crashed"]),
    byEndpoint("one header without end", "/one-header", ["crashed"]),
    byEndpoint("an extension of a chunk without end", "/chunk-extension", ["crashed"]),
    byEndpoint("trailers without end", "/trailers", ["crashed"]),
    byEndpoint("an answer without end", "/endless", ["output_limit"]),
    byEndpoint("an answer of two lengths", "/two-lengths", ["crashed"]),
    byEndpoint("an answer with a length and in chunks", "/length-and-chunks", ["crashed"]),
    byEndpoint("an answer of a terabyte that ends early", "/too-long-length", ["crashed"]),
    byEndpoint("an answer shorter than nothing", "/negative-length", ["crashed"]),
    byEndpoint("an answer of another protocol", "/no-http", ["crashed"]),
    byEndpoint("an answer that would change the protocol", "/switch", ["crashed", "timeout"]),
    byEndpoint("a second answer behind the first", "/second-answer", [{ gives: { value: 1 } }, "crashed"]),
    byEndpoint("a redirect to a file", "/redirect-file", ["crashed"], /not followed/),
    byEndpoint("a redirect of the request to the cloud's own address", "/redirect-method", ["crashed"], /not followed/),
    byEndpoint("an answer that is packed", "/gzip", ["bad_output"]),
    byEndpoint("an answer named to change objects", "/pollute", [
      { gives: JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}') as never },
      "bad_output",
    ]),
    byEndpoint("an answer nested deeper than a reader goes", "/deep", ["bad_output"]),
    byEndpoint("an answer that is no UTF-8", "/not-utf8", ["bad_output", { gives: "\ufffd\ufffd" }]),
    byEndpoint("a log of events without end", "/log-events", ["log_limit"]),
    byEndpoint("comments without end", "/comment-events", ["output_limit"]),
    byEndpoint("progress beyond every number, without end", "/progress-events", ["output_limit"]),
    byEndpoint("events of names objects inherit", "/polluting-events", [{ gives: { value: 1 } }]),
    byEndpoint("a log that would steer a terminal", "/steering-log", [{ gives: { value: 1 } }]),
    byEndpoint("a connection that is always reset", "/reset", ["crashed"]),
  ],
};
