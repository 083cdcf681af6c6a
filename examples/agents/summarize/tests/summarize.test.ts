import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningAgent, runBuiltAgent } from "../../run-built-agent.ts";
import type { SummarizeOutput } from "../src/main.ts";

let agent: RunningAgent;
beforeAll(async () => {
  agent = await runBuiltAgent("summarize");
});
afterAll(() => agent[Symbol.asyncDispose]());

const article = `# Bees

Honey bees live in colonies of up to sixty thousand workers with a single queen.
The queen lays all the eggs of the colony, as many as two thousand a day in summer.
Worker bees clean the hive, feed the larvae, build comb and gather nectar and pollen.

\`\`\`
const bees = "code is not prose";
\`\`\`

A worker that has found a rich patch of flowers tells the colony by a dance on the comb.
The angle of the dance gives the direction of the flowers, and its length the distance.
Other workers follow the dance, fly out and find the flowers without having seen them before.
Workers that follow the dance find the flowers without having seen them before.

Bees fly at about twenty-four kilometres an hour. For example, this one does.
Colonies of honey bees pollinate about a third of the crops people eat.
When a colony grows too large, the queen leaves with half of the workers and founds a new colony.
`;

test("a text becomes its central sentences, in their order, without saying anything twice", async () => {
  const { summary, sentences, words } = await agent.outputOf<SummarizeOutput>({ text: article, maxSentences: 4 });
  expect(sentences).toHaveLength(4);
  expect(sentences.map(({ position }) => position)).toEqual(
    sentences.map(({ position }) => position).toSorted((a, b) => a - b),
  );
  expect(summary).toContain("Honey bees live in colonies");
  expect(summary).toMatch(/dance/);
  expect(summary).not.toMatch(/code|For example/);
  expect(sentences.filter(({ text }) => text.includes("without having seen them")).length).toBeLessThan(2);
  expect(words.summary).toBeLessThan(words.input / 2);
  for (const { text } of sentences) expect(article).toContain(text);
});

test("a project's README becomes whole sentences of prose about the project", async () => {
  const text = await readFile(join(import.meta.dirname, "../README.md"), "utf8");
  const { summary, sentences } = await agent.outputOf<SummarizeOutput>({ text, maxSentences: 3 });
  expect(sentences).toHaveLength(3);
  expect(summary).not.toMatch(/[`|#*]|\]\(|npm /);
  for (const sentence of sentences) expect(sentence.text).toMatch(/^[\p{Lu}"“].*[.!?]$/u);
  console.log(summary);
});

test("it knows the language, and works without knowing it", async () => {
  const german =
    "Die Bienen leben in einem Stock. Der Stock gehört den Bienen und der Königin. Im Sommer sammeln die Bienen Nektar für den Stock.";
  expect((await agent.outputOf<SummarizeOutput>({ text: german, maxSentences: 1 })).sentences).toHaveLength(1);
  const japanese =
    "今日は東京で大きな会議がありました。会議では新しい計画が発表されました。参加者は新しい計画について話し合いました。";
  expect((await agent.outputOf<SummarizeOutput>({ text: japanese, maxSentences: 1 })).sentences).toHaveLength(1);
});

test.each([
  "x",
  "...",
  "```\nonly code\n```",
  "# Only a heading",
  "- a\n- b\n- c",
  " ",
  "\u0001\ufffd",
  "word ".repeat(2_000),
])("odd text %j gets an answer", async (text) => {
  const { sentences } = await agent.outputOf<SummarizeOutput>({ text });
  expect(sentences.length).toBeLessThanOrEqual(5);
});

test("the longest text allowed is summarised within the limits", async () => {
  const words = Array.from({ length: 500 }, (_, index) => `term${(index * 7919) % 500}`);
  let text = "";
  for (let index = 0; text.length < 499_000; index += 1)
    text += `The ${words[index % 500]} of ${words[(index * 3) % 500]} meets ${words[(index * 11) % 500]} number ${index}. `;
  const outcome = await agent.run({ text, maxSentences: 10 });
  expect(outcome).toMatchObject({ status: "ok" });
  console.log(
    `${text.length} characters in ${Math.round(outcome.stats.wallMs)} ms, ${Math.round(outcome.stats.peakMemoryMb ?? 0)} MB`,
  );
});

test("input that is no text is refused by its schema", async () => {
  expect(await agent.run({ text: 5 })).toMatchObject({ status: "failed", reason: "bad_input" });
  expect(await agent.run({ text: "a", maxSentences: 0 })).toMatchObject({ status: "failed", reason: "bad_input" });
});
