import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openAgent } from "@stoa/agent-kit/testing";

let agent;
before(async () => {
  agent = await openAgent(join(import.meta.dirname, ".."));
});
after(() => agent?.[Symbol.asyncDispose]());

test("counts the words and characters of a text", async () => {
  assert.deepEqual(await agent.outputOf({ text: "one two  three" }), { words: 3, characters: 14 });
});

test("finds nothing in an empty text", async () => {
  assert.deepEqual(await agent.outputOf({ text: "" }), { words: 0, characters: 0 });
});

test("is not started for what is no text", async () => {
  const outcome = await agent.run({ text: 5 });
  assert.equal(outcome.status, "failed");
  assert.equal(outcome.reason, "bad_input");
});
