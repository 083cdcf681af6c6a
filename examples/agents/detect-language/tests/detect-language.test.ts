import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningAgent, runBuiltAgent } from "../../run-built-agent.ts";

interface Answer {
  language: string;
  name: string;
  confidence: number;
  letters: number;
  candidates: { language: string; name: string; confidence: number }[];
}

let agent: RunningAgent;
let sentences: [string, string[]][];
beforeAll(async () => {
  agent = await runBuiltAgent("detect-language");
  sentences = Object.entries(
    JSON.parse(await readFile(join(import.meta.dirname, "../corpus/held-out/sentences.json"), "utf8")) as Record<
      string,
      string[]
    >,
  );
});
afterAll(() => agent[Symbol.asyncDispose]());

const ask = (text: string) => agent.outputOf<Answer>({ text });

/** Asks for every text, and gives how many of them were told right and what was taken for what. */
async function measure(texts: [string, string][]): Promise<{ right: number; mistakes: string[] }> {
  const mistakes: string[] = [];
  for (const [language, text] of texts) {
    const answer = await ask(text);
    if (answer.language !== language) mistakes.push(`${language} as ${answer.language} (${answer.confidence})`);
  }
  return { right: texts.length - mistakes.length, mistakes };
}

function report(what: string, texts: unknown[], { right, mistakes }: { right: number; mistakes: string[] }): void {
  console.log(
    `${what}: ${right} of ${texts.length} right (${((100 * right) / texts.length).toFixed(1)} %)${mistakes.length > 0 ? `; ${mistakes.join(", ")}` : ""}`,
  );
}

test("single sentences it was not made from are told right in 42 languages, 96 in 100 or better", async () => {
  const texts = sentences.flatMap(([language, list]) => list.map((text): [string, string] => [language, text]));
  const result = await measure(texts);
  report("sentences", texts, result);
  expect(new Set(sentences.map(([language]) => language)).size).toBe(42);
  expect(result.right / texts.length).toBeGreaterThanOrEqual(0.96);
});

test("short paragraphs are told right, all of them", async () => {
  const texts = sentences.map(([language, list]): [string, string] => [language, list.join(" ")]);
  const result = await measure(texts);
  report("paragraphs", texts, result);
  expect(result.mistakes).toEqual([]);
});

test("confidence tells sure answers from guesses", async () => {
  const [sure, guess] = [
    await ask(sentences.find(([language]) => language === "de")![1].join(" ")),
    await ask("radio"),
  ];
  expect(sure.confidence).toBeGreaterThan(0.99);
  expect(guess.confidence).toBeLessThan(0.9);
  expect(sure.candidates).toHaveLength(3);
  expect(sure.candidates[0]).toEqual({ language: "de", name: "German", confidence: sure.confidence });
});

test("the language most letters are of is named when a text mixes several", async () => {
  expect(await ask("Das ist ein deutscher Satz mit vielen Wörtern und einem Wort auf Russisch: привет.")).toMatchObject(
    { language: "de" },
  );
});

test.each(["", "123 !? 🙂", "\n\t", "\u0000"])("%j, which has no letters, is undetermined", async (text) => {
  if (text === "") expect(await agent.run({ text })).toMatchObject({ status: "failed", reason: "bad_input" });
  else expect(await ask(text)).toMatchObject({ language: "und", confidence: 0, letters: 0 });
});

test("text is read as JSON writes it", async () => {
  expect(await ask('Ein "Satz" mit \\ und \n\u0001 Zeichen, die geschützt werden müssen.')).toMatchObject({
    language: "de",
  });
  expect(
    await agent.outputOf<Answer>({ text: "Ça ne fait rien, l'été prochain nous irons à la plage." }),
  ).toMatchObject({ language: "fr" });
});

test("the longest text allowed is answered within the limits", async () => {
  const text = sentences
    .find(([language]) => language === "ru")![1]
    .join(" ")
    .repeat(2_000)
    .slice(0, 500_000);
  const outcome = await agent.run({ text });
  expect(outcome).toMatchObject({ status: "ok", output: { language: "ru" } });
  console.log(
    `${text.length} characters in ${Math.round(outcome.stats.wallMs)} ms, ${Math.round(outcome.stats.peakMemoryMb ?? 0)} MB`,
  );
});
