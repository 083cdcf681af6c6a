import { encodeTyped } from "@stoa/protocol";
import { openDatabase } from "@stoa/store";
import type { WorkflowPlan } from "@stoa/testkit";
import type { LocalAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type HttpFixture, startHttp } from "./http-fixture.ts";

let database: Awaited<ReturnType<typeof openDatabase>>;
let http: HttpFixture;
let requester: LocalAccount;
let token: string;
beforeAll(async () => {
  database = await openDatabase({});
  http = await startHttp(database);
  requester = await http.market.requester(1_000_000n);
  token = await http.signIn(requester);
});
afterAll(async () => {
  await http[Symbol.asyncDispose]();
  await database.close();
});

async function bodyOf(plan: WorkflowPlan) {
  const { spec, input, salt, session } = await http.market.workflow(requester, plan);
  return { spec, input, salt, session: { key: encodeTyped("SessionKey", session.key), signature: session.signature } };
}

const chain = { first: {}, second: { input: { text: { $from: "first/text" } } } };

test("a workflow is submitted once, shown and listed to its requester alone, and cancelled", async () => {
  const body = await bodyOf({ steps: chain, input: { kept: "by its hash" } });
  const submitted = await http.call("POST", "workflows", { body, token });
  expect(submitted).toMatchObject({ status: 201, body: { created: true } });
  const { workflowId } = submitted.body as { workflowId: string };
  expect(await http.call("POST", "workflows", { body, token })).toMatchObject({
    status: 200,
    body: { workflowId, created: false },
  });
  const shown = await http.call("GET", `workflows/${workflowId.slice(2, 12)}`, { token });
  expect(shown.body).toMatchObject({
    id: workflowId,
    state: "running",
    budget: "300000",
    left: "300000",
    steps: [
      { name: "first", state: "waiting", needs: [], level: 0 },
      { name: "second", state: "waiting", needs: ["first"], level: 1 },
    ],
  });
  expect((await http.call("GET", "account", { token })).body.balances).toMatchObject({ earmarked: "300000" });
  expect((await http.call("GET", "workflows", { token })).body.items).toMatchObject([
    { id: workflowId, steps: { all: 2, done: 0 } },
  ]);
  const stranger = await http.signIn(await http.market.requester());
  for (const [method, path] of [
    ["GET", `workflows/${workflowId}`],
    ["GET", `workflows/${workflowId}/result`],
    ["POST", `workflows/${workflowId}/cancel`],
  ] as const)
    expect((await http.call(method, path, { token: stranger })).status, path).toBe(403);
  expect((await http.call("GET", "workflows", { token: stranger })).body.items).toEqual([]);
  expect((await http.call("POST", "workflows", { body, token: stranger })).status).toBe(403);
  expect((await http.call("GET", `workflows/${workflowId}/result`, { token })).body.code).toBe("wrong_state");
  expect((await http.call("POST", `workflows/${workflowId}/cancel`, { token })).body).toMatchObject({
    state: "ending",
  });
  expect((await http.call("GET", `workflows/0x${"00".repeat(32)}`, { token })).status).toBe(404);
});

test("a workflow that cannot be is refused with the place that is wrong", async () => {
  const body = await bodyOf({ steps: chain });
  const { first } = body.spec.steps;
  for (const [steps, place] of [
    [{ "Not-kebab": first }, "/spec/steps"],
    [{}, "/spec/steps"],
    [{ first: { ...first, retries: 6 } }, "/spec/steps/first/retries"],
    [{ first: { ...first, price: "1" } }, "/spec/steps/first"],
    [Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`s${i}`, first])), "/spec/steps"],
  ] as const) {
    const answer = await http.call("POST", "workflows", { body: { ...body, spec: { ...body.spec, steps } }, token });
    expect(answer.status).toBe(400);
    expect(answer.body.detail).toContain(place);
  }
  const circle = await bodyOf({ steps: { a: { after: ["b"] }, b: { after: ["a"] } } });
  expect((await http.call("POST", "workflows", { body: circle, token })).body).toMatchObject({
    code: "invalid_workflow",
    detail: "/steps/a: the steps wait in a circle: a → b → a",
  });
});
