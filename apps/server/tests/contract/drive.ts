import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { canonicalJson } from "@stoa/protocol";
import { randomKey } from "@stoa/testkit";
import fc from "fast-check";
import type { HttpFixture } from "../http/http-fixture.ts";
import { arbitraryOf } from "./arbitrary-of.ts";
import { type Operation, operationsOf } from "./operations.ts";

/** They end the caller's own sign-in, after which nothing more would be tried, or go on for as long as a client listens. */
const LEFT_OUT = new Set(["POST /api/v1/auth/sign-out", "GET /api/v1/events/stream"]);
/** Longest an answer may take, on a machine however slow. */
const PATIENCE_MS = 20_000;

interface Credentials {
  token?: string;
  key?: string;
}

interface World {
  http: HttpFixture;
  /** Of everything there is to ask for. */
  ids: string[];
  /** Stands in what belongs to one account alone. */
  secret: string;
  /** Who may never see it. */
  strangers: readonly Credentials[];
  owner: readonly Credentials[];
}

/** A market in which an account has a task whose input, log and result nobody else may see. */
async function furnish(http: HttpFixture): Promise<World> {
  const { market } = http;
  const secret = `secret-${randomUUID()}`;
  const owner = await market.requester();
  const stranger = await market.requester();
  const node = await market.node();
  const kept = { text: secret };
  await http.objects.put(Buffer.from(canonicalJson(kept)));
  const taskId = await market.submit(owner, { input: kept });
  await market.round([[node, 5_000n]]);
  await market.start(taskId, node);
  const lines = [{ atMs: market.now(), text: secret }];
  await market.market.logExecution({ taskId, node: node.key.address, executionId: "e0e0e0e0", firstSeq: 0, lines });
  await market.deliver(taskId, node, kept);
  const open = await market.submit(stranger);
  const [round] = ((await http.call("GET", "rounds")).body.items ?? []) as { id: string }[];
  const [agent] = ((await http.call("GET", "agents")).body.items ?? []) as { versionId: string }[];
  return {
    http,
    secret,
    ids: [taskId, open, round?.id ?? taskId, agent?.versionId ?? taskId, node.key.address, owner.address],
    owner: [{ token: await http.signIn(owner) }],
    strangers: [
      {},
      { token: await http.signIn(stranger) },
      { token: await http.signIn(randomKey()) },
      { key: await http.keyOf(stranger, ["tasks:read", "agents:write"]) },
      { token: "nonsense" },
      { key: "stoa_nonsense" },
    ],
  };
}

interface Sent {
  operation: Operation;
  path: string;
  query: string;
  headers: Record<string, string>;
  body: unknown;
  as: Credentials;
  isOwner: boolean;
}

function requestsOf({ ids, owner, strangers }: World, operation: Operation): fc.Arbitrary<Sent> {
  const given = (place: string) =>
    fc.record(
      Object.fromEntries(
        operation.parameters
          .filter((parameter) => parameter.in === place)
          .map(({ name, schema }) => [name, arbitraryOf(schema, ids)]),
      ),
      {
        requiredKeys: operation.parameters.filter((one) => one.in === place && one.required).map(({ name }) => name),
      },
    );
  const callers = [...owner.map((as) => ({ as, isOwner: true })), ...strangers.map((as) => ({ as, isOwner: false }))];
  return fc
    .tuple(
      given("path"),
      given("query"),
      given("header"),
      operation.body ? arbitraryOf(operation.body, ids) : fc.constant(undefined),
      fc.constantFrom(...callers),
    )
    .map(([path, query, headers, body, caller]) => ({
      operation,
      path: operation.path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => inPath(path[name])),
      query: new URLSearchParams(Object.entries(query).map(([name, value]) => [name, textOf(value)])).toString(),
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, inHeader(value)])),
      body,
      ...caller,
    }));
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));
/** A path's part that is empty would be another path. */
const inPath = (value: unknown) => encodeURIComponent(textOf(value).toWellFormed()) || "-";
const inHeader = (value: unknown) => textOf(value).replaceAll(/[^\x20-\x7e]/g, "");

/** Sends one request and checks what holds for every answer. */
async function check({ http, secret }: World, sent: Sent): Promise<void> {
  const { operation, path, query, headers, body, as, isOwner } = sent;
  const url = `${path}${query === "" ? "" : `?${query}`}`;
  const answer = await Promise.race([
    http.call(operation.method, url, { ...as, headers, ...(body !== undefined && { body }) }),
    new Promise<never>((_, reject) => setTimeout(reject, PATIENCE_MS, new Error("it did not answer")).unref()),
  ]);
  const text = Buffer.isBuffer(answer.body) ? answer.body.toString() : JSON.stringify(answer.body);
  assert.ok(answer.status < 500, `it answered ${answer.status}: ${text}`);
  assert.doesNotMatch(text, /\n {4}at |node_modules|\.ts:\d+/, "it shows where in our code it failed");
  if (answer.status >= 400 && operation.method !== "HEAD") {
    assert.match(answer.headers.get("content-type") ?? "", /application\/problem\+json/);
    assert.match(String((answer.body as { code?: unknown }).code), /^[a-z_]+$/);
  }
  if (!isOwner) assert.ok(!text.includes(secret), "it shows what is another account's");
}

/**
 * Drives every operation of the API's description with what its schemas allow, with what lies at their edges and with
 * what they do not: no fault of ours, no trace of our code, nothing of another account's, and only what is described.
 * @param perOperation requests for each
 * @returns how many were sent
 */
export async function driveApi(http: HttpFixture, perOperation: number): Promise<number> {
  const world = await furnish(http);
  const operations = operationsOf(http.app).filter(({ method, path }) => !LEFT_OUT.has(`${method} ${path}`));
  for (const operation of operations)
    await fc.assert(
      fc.asyncProperty(requestsOf(world, operation), (sent) => check(world, sent)),
      { numRuns: perOperation },
    );
  // What anybody did, the owner's own task is what it was.
  const [taskId] = world.ids;
  const result = await http.call("GET", `tasks/${taskId}/result`, world.owner[0]);
  assert.equal((result.body as { output: { text: string } }).output.text, world.secret);
  return operations.length * perOperation;
}
