import type { AgentSchema, Json, WorkflowSpec, WorkflowStep } from "@stoa/protocol";
import { expect, test } from "vitest";
import { checkWorkflow } from "./check-workflow.ts";
import { fillTemplate, parseReference } from "./template.ts";
import { valueAt } from "./json-pointer.ts";
import { longestSeconds, requireGraph } from "./workflow-graph.ts";

const OUTPUT: AgentSchema = {
  type: "object",
  properties: { title: { type: "string" }, rows: { type: "array", items: { type: "object" } } },
  additionalProperties: false,
};

function step(input: Json, own: Partial<WorkflowStep> = {}): WorkflowStep {
  return { capability: "test.step", maxPrice: "10", deadlineSeconds: 60, input, ...own };
}

function problemsOf(steps: Record<string, WorkflowStep>, own: Partial<WorkflowSpec> = {}): string[] {
  const spec: WorkflowSpec = { name: "test", policy: "all-or-nothing", steps, ...own };
  const around = { input: { text: "hello", list: [1, 2] }, budget: 100n, outputsOf: () => [OUTPUT] };
  return checkWorkflow(spec, around).map(({ place, problem }) => `${place}: ${problem}`);
}

test("a workflow whose references can all be followed has no problem", () => {
  expect(
    problemsOf(
      {
        first: step({ text: { $from: "$input/text" }, second: { $from: "$input/list/1" } }),
        second: step({ text: { $from: "first/title" }, row: { $from: "first/rows/3/city" }, all: { $from: "first" } }),
        last: step({}, { after: ["second"] }),
      },
      { output: { title: { $from: "second/title" } } },
    ),
  ).toEqual([]);
});

test.each<[string, Record<string, WorkflowStep>, string]>([
  ["a step nobody has", { a: step({ x: { $from: "b/title" } }) }, "/steps/a/input/x: there is no step b"],
  [
    "a place the input has not",
    { a: step({ deep: [{ $from: "$input/list/2" }] }) },
    "/steps/a/input/deep/0: the workflow's input has nothing at /list/2",
  ],
  [
    "a place no agent's output can have",
    { a: step({}), b: step({ x: { $from: "a/name" } }) },
    "/steps/b/input/x: no agent for test.step has anything at /name of its output",
  ],
  [
    "a place inside a text",
    { a: step({}), b: step({ x: { $from: "a/title/0" } }) },
    "/steps/b/input/x: no agent for test.step has anything at /title/0 of its output",
  ],
  ["itself", { a: step({ x: { $from: "a/title" } }) }, "/steps/a: the steps wait in a circle: a → a"],
  [
    "one another",
    { a: step({ x: { $from: "b/title" } }), b: step({}, { after: ["c"] }), c: step({ x: { $from: "a/title" } }) },
    "/steps/a: the steps wait in a circle: a → b → c → a",
  ],
  ["a step to come after that is not there", { a: step({}, { after: ["z"] }) }, "/steps/a/after/0: there is no step z"],
  [
    "more than a reference",
    { a: step({ x: { $from: "$input/text", or: 1 } }) },
    '/steps/a/input/x: {"$from":"$input/text","or":1} is no reference: {"$from": "step/pointer"} stands alone, with a step\'s name or $input',
  ],
  [
    "what a fallback lacks",
    { a: step({}, { optional: true, fallback: { rows: [] } }), b: step({ x: { $from: "a/title" } }) },
    "/steps/b/input/x: the fallback of the optional step a has nothing at /title",
  ],
  [
    "a fallback for a step that is needed",
    { a: step({}, { fallback: 1 }) },
    "/steps/a/fallback: only an optional step can be replaced by a fallback",
  ],
  ["too dear a step", { a: step({}, { maxPrice: "101" }) }, "/steps/a/maxPrice: 101 is over the whole budget 100"],
  ["a step for nothing", { a: step({}, { maxPrice: "0" }) }, "/steps/a/maxPrice: must be above zero"],
])("a workflow with %s is refused at that place", (_, steps, expected) => {
  expect(problemsOf(steps)).toContain(expected);
});

test("a template is filled with what its references point at, and says which one points at nothing", () => {
  const values: Record<string, Json> = { a: { rows: [{ "~/": "odd" }] }, $input: "in" };
  const fill = (template: Json) =>
    fillTemplate(template, ({ source, pointer }) => valueAt(values[source] ?? null, pointer));
  expect(fill({ x: [{ $from: "a/rows/0/~0~1" }, { $from: "$input" }], y: { z: 1 } })).toEqual({
    x: ["odd", "in"],
    y: { z: 1 },
  });
  expect(() => fill({ x: { y: { $from: "a/rows/1" } } })).toThrow("/x/y takes a/rows/1, and there is nothing");
});

test.each(["", "A", "a.b", "a/~2", "$other/x", "$input.x", "toString ", "a b"])("%j is no reference", (text) => {
  expect(parseReference(text)).toBeNull();
});

test("the longest way counts every retry", () => {
  const spec: WorkflowSpec = {
    name: "test",
    policy: "best-effort",
    steps: {
      a: step({}, { deadlineSeconds: 10, retries: 2 }),
      b: step({ x: { $from: "a" } }, { deadlineSeconds: 5 }),
      c: step({}, { deadlineSeconds: 20 }),
    },
  };
  expect(longestSeconds(spec, requireGraph(spec))).toBe(35);
});
