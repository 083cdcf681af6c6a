import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { type AddressInfo } from "node:net";
import { join } from "node:path";
import { setDefaultCACertificates, getCACertificates } from "node:tls";
import type { ExecutionFailureReason, Json, Manifest, RemoteArtifact } from "@stoa/protocol";
import { createRemoteRunner, type EndpointOptions, type ExecutionOutcome, probeEndpoint } from "@stoa/sandbox";
import { type EndpointProcess, startEndpoint } from "@stoa/testkit/endpoints";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openRequest, type Reach } from "../src/reach/open-request.ts";
import { endpointAgent } from "./endpoint-agent.ts";
import { eventually } from "./process-tree.ts";

const PATIENCE_MS = 30_000;
const LIMITS = { memoryMb: 1, timeMs: PATIENCE_MS, outputBytes: 20_000, logBytes: 4_000 };
const account = privateKeyToAccount(`0x${"11".repeat(32)}`);
const signer = { address: account.address, chainId: 31_337, signMessage: account.signMessage };

let http: EndpointProcess;
beforeAll(async () => {
  http = await startEndpoint("serve-http");
});
afterAll(() => http.kill());

async function call(
  artifact: Omit<RemoteArtifact, "kind">,
  input: Json,
  options: Partial<EndpointOptions> & { executionId?: string; change?: Partial<Manifest> } = {},
): Promise<ExecutionOutcome> {
  const { executionId = crypto.randomUUID(), change = { limits: LIMITS }, ...more } = options;
  await using runner = createRemoteRunner({ manifest: endpointAgent(artifact, change), allowLoopback: true, ...more });
  return await runner.run({ executionId, input });
}
const atPath = (path: string): Omit<RemoteArtifact, "kind"> => ({ protocol: "http", url: `${http.origin}${path}` });

function failure(outcome: ExecutionOutcome): { reason: ExecutionFailureReason; message: string } {
  if (outcome.status === "ok") throw new Error(`it did not fail, it gave ${JSON.stringify(outcome.output)}`);
  return { reason: outcome.reason, message: outcome.message };
}

/** A free port that nothing listens on. */
async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("an endpoint that misbehaves", () => {
  test.each<[string, string, ExecutionFailureReason, RegExp]>([
    ["drips its answer", "/drip", "timeout", /1500 ms/],
    ["drips comments into its events", "/drip-events", "timeout", /1500 ms/],
    ["never answers", "/silent", "timeout", /1500 ms/],
    ["answers without end", "/endless", "output_limit", /answered more than \d+ bytes/],
    ["tells events without end", "/endless-events", "output_limit", /more than \d+ (bytes|lines of events)/],
    ["tells one event without end", "/endless-event", "output_limit", /answered more than \d+ bytes/],
    ["answers with a page", "/html", "bad_output", /not JSON.*text\/html/],
    ["dies half way, every time", "/half", "crashed", /could not be reached/],
    [
      "sends its caller to the cloud's own address",
      "/redirect?to=http://169.254.169.254/latest",
      "crashed",
      /redirects/,
    ],
    ["asks to come back in an hour", "/busy", "crashed", /429/],
    [
      "refuses, with what could steer a terminal",
      "/refuse",
      "crashed",
      /^the endpoint answered with status 422: \ufffd\[2Jno such deed$/,
    ],
    ["has headers without end", "/many-headers", "crashed", /Header/i],
    ["ends its events early", "/cut-events", "crashed", /without a result/],
    ["tells events that are none", "/bad-events", "bad_output", /JSON object/],
    ["is not there", "/nothing", "crashed", /404/],
  ])("that %s fails the execution, and says why", async (_, path, reason, message) => {
    const timeMs = reason === "timeout" ? 1_500 : PATIENCE_MS;
    const change = { limits: { ...LIMITS, timeMs } };
    const outcome = await call(atPath(path), { do: "double", n: 1 }, { change });
    expect(failure(outcome)).toEqual({ reason, message: expect.stringMatching(message) });
  });

  test("that redirects to this machine is not followed there", async () => {
    const before = (await http.seen()).seen.length;
    const outcome = await call(atPath(`/redirect?to=${http.origin}/plain`), { do: "double", n: 1 });
    expect(failure(outcome).message).toContain("redirects are not followed");
    expect((await http.seen()).seen.slice(before).map(({ path }) => path)).toEqual(["/redirect"]);
  });

  test("that makes its caller answer questions without end is left", async () => {
    const before = (await http.seen()).seen.length;
    const outcome = await call({ ...atPath("/pings"), protocol: "mcp", tool: "a" }, { do: "double", n: 1 });
    expect(failure(outcome)).toEqual({ reason: "output_limit", message: expect.stringContaining("32 requests") });
    expect((await http.seen()).seen.length - before).toBeLessThanOrEqual(32);
  });

  test("whose A2A card sends callers elsewhere is not followed there", async () => {
    const elsewhere = await deadPort();
    const server = createServer((_, response) =>
      response.setHeader("content-type", "application/json").end(
        JSON.stringify({
          name: "a",
          description: "a",
          version: "1",
          capabilities: {},
          defaultInputModes: [],
          defaultOutputModes: [],
          skills: [],
          supportedInterfaces: [
            { url: `http://127.0.0.1:${elsewhere}/`, protocolBinding: "JSONRPC", protocolVersion: "1.0" },
          ],
        }),
      ),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      const outcome = await call({ protocol: "a2a", url }, { do: "double", n: 1 });
      expect(failure(outcome).message).toContain("which its manifest does not name");
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test("that takes an input of a megabyte gets it, and none that is larger", async () => {
    const text = "x".repeat(1 << 20);
    const limits = { ...LIMITS, outputBytes: 1 << 20 };
    const well = await call(atPath("/plain"), { do: "shout", text: text.slice(100) }, { change: { limits } });
    expect(well.status).toBe("ok");
    const outcome = await call(atPath("/plain"), { do: "shout", text: text + text }, { change: { limits } });
    expect(failure(outcome).reason).toBe("bad_input");
  });
});

describe("a call that fails for now", () => {
  test.each([
    ["dies half way", "/half-then-well", 2],
    ["is busy", "/busy-then-well", 3],
  ])("because the endpoint %s is made again, as the same execution", async (_, path, attempts) => {
    const executionId = crypto.randomUUID();
    const before = await http.seen();
    const outcome = await call(atPath(path), { do: "double", n: 21 }, { executionId });
    expect(outcome).toMatchObject({ status: "ok", output: { value: 42 } });
    const after = await http.seen();
    const keys = after.seen.slice(before.seen.length).map(({ idempotencyKey }) => idempotencyKey);
    expect(keys).toEqual(Array.from({ length: attempts }, () => `"${executionId}"`));
    expect(after.executed - before.executed).toBe(1);
  });

  test("because nothing listens is made a few times, and given up", async () => {
    const port = await deadPort();
    const outcome = await call({ protocol: "http", url: `http://127.0.0.1:${port}/plain` }, { do: "double", n: 1 });
    expect(failure(outcome)).toEqual({ reason: "crashed", message: expect.stringContaining("could not be reached") });
  });
});

describe("whom a node calls", () => {
  test.each([
    ["http://example.org/", "must be https"],
    ["http://10.0.0.1/", "must be https"],
    ["https://10.0.0.1/", "private address"],
    ["https://169.254.169.254/", "private address"],
    ["https://[fd00::1]/", "private address"],
    ["https://0xa9fea9fe/", "private address"],
    ["https://user:word@example.org/", "user"],
  ])("is never %s", async (url, problem) => {
    await expect(call({ protocol: "http", url }, {})).rejects.toThrow(problem);
  });

  test("is its own machine only when its operator allows that, by whatever name", async () => {
    for (const host of ["127.0.0.1", "localhost", "[::1]", "127.1"]) {
      const url = `https://${host}:${http.port}/`;
      await expect(call({ protocol: "http", url }, {}, { allowLoopback: false })).rejects.toThrow("calls no such");
    }
  });

  test("is found out when a name is resolved, not by what it says", async () => {
    const before = (await http.seen()).seen.length;
    const request = (reach: Reach) =>
      openRequest({
        url: new URL(`http://localhost:${http.port}/plain`),
        method: "HEAD",
        headers: {},
        reach,
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
    await expect(request(["public"])).rejects.toThrow("localhost leads to a private address");
    expect((await http.seen()).seen.length).toBe(before);
    expect((await request(["loopback"])).statusCode).toBe(405);
  });

  test.each([
    ["signed by nobody it trusts", "local", false, "self-signed"],
    ["for another name", "elsewhere", true, "altnames"],
  ])("is nobody whose certificate is %s", async (_, certificate, isTrusted, problem) => {
    await using tls = await startEndpoint("serve-http", 0, [certificate]);
    using trusted = new DisposableStack();
    if (isTrusted) trusted.use(await trust(certificate));
    const outcome = await call({ protocol: "http", url: `${tls.origin}/plain` }, { do: "double", n: 1 });
    expect(failure(outcome)).toEqual({ reason: "crashed", message: expect.stringContaining(problem) });
  });

  test("is whoever has a certificate that is right", async () => {
    await using tls = await startEndpoint("serve-http", 0, ["local"]);
    using trusted = new DisposableStack();
    trusted.use(await trust("local"));
    const outcome = await call({ protocol: "http", url: `${tls.origin}/run` }, { do: "double", n: 1 });
    expect(outcome).toMatchObject({ status: "ok", output: { value: 2 } });
  });
});

async function trust(certificate: string): Promise<Disposable> {
  const before = getCACertificates();
  const folder = join(import.meta.dirname, "../../testkit/src/endpoints/certificates");
  setDefaultCACertificates([...before, await readFile(join(folder, `${certificate}.pem`), "utf8")]);
  return { [Symbol.dispose]: () => setDefaultCACertificates(before) };
}

describe.each([
  ["a2a", "serve-a2a", "", "1.0"],
  ["a2a", "serve-a2a", "", "0.3"],
  ["mcp", "serve-mcp", "/mcp", ""],
  ["http", "serve-http", "/run", ""],
] as const)("an endpoint by %s at %s%s %s", (protocol, script, path, version) => {
  const args = version === "0.3" ? [version] : [];
  const artifactOf = ({ origin }: EndpointProcess) => ({
    protocol,
    url: `${origin}${path}`,
    ...(protocol === "mcp" && { tool: "misbehave" }),
  });

  test("knows by its signature which node calls, and for which execution", async () => {
    await using endpoint = await startEndpoint(script, 0, args);
    const executionId = crypto.randomUUID();
    const outcome = await call(artifactOf(endpoint), { do: "double", n: 2 }, { signer, executionId });
    expect(outcome).toMatchObject({ status: "ok", output: { value: 4 } });
    const { seen } = await endpoint.seen();
    expect(new Set(seen.map(({ caller }) => caller))).toEqual(new Set([account.address.toLowerCase()]));
    expect(seen.map(({ idempotencyKey }) => idempotencyKey).filter((key) => key !== null)).toEqual([
      `"${executionId}"`,
    ]);
  });

  test("is told when its work is not wanted any more", async () => {
    await using endpoint = await startEndpoint(script, 0, args);
    await using runner = createRemoteRunner({
      manifest: endpointAgent(artifactOf(endpoint), {
        limits: { memoryMb: 1, timeMs: 300_000, outputBytes: 1_000, logBytes: 1_000 },
      }),
      allowLoopback: true,
    });
    const stop = new AbortController();
    const running = runner.run({ executionId: "a", input: { do: "loop" }, signal: stop.signal });
    let told = await endpoint.seen();
    const look = setInterval(() => void endpoint.seen().then((now) => (told = now)), 50);
    try {
      await eventually(() => told.executed > 0, PATIENCE_MS, "it works");
      stop.abort();
      expect(failure(await running).reason).toBe("cancelled");
      await eventually(() => told.cancelled === 1, PATIENCE_MS, "it is told");
    } finally {
      clearInterval(look);
    }
  });

  test("gives signs of life while it lives", async () => {
    const endpoint = await startEndpoint(script, 0, args);
    const manifest = endpointAgent(artifactOf(endpoint));
    const probe = () => probeEndpoint({ manifest, allowLoopback: true }, new AbortController().signal, PATIENCE_MS);
    expect(await probe()).toBeNull();
    await endpoint.kill();
    expect(await probe()).toContain("could not be reached");
    await using again = await startEndpoint(script, endpoint.port, args);
    expect(again.port).toBe(endpoint.port);
    expect(await probe()).toBeNull();
    expect((await again.seen()).executed).toBe(0);
  });
});

test.each([
  ["does not stream", "plain"],
  ["answers before its work is done", "lazy"],
  ["breaks its streams", "cuts"],
])("an A2A endpoint that %s has its work done once, and is asked for it", async (_, manner) => {
  await using endpoint = await startEndpoint("serve-a2a", 0, [manner]);
  const outcome = await call({ protocol: "a2a", url: endpoint.origin }, { do: "double", n: 4 });
  expect(outcome).toMatchObject({ status: "ok", output: { value: 8 } });
  expect((await endpoint.seen()).executed).toBe(1);
});

test("an MCP endpoint without the manifest's tool gives no sign of life", async () => {
  await using endpoint = await startEndpoint("serve-mcp");
  const manifest = endpointAgent({ protocol: "mcp", url: `${endpoint.origin}/mcp`, tool: "another" });
  const problem = await probeEndpoint({ manifest, allowLoopback: true }, new AbortController().signal, PATIENCE_MS);
  expect(problem).toBe("the endpoint has no tool another");
});
