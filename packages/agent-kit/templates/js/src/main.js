import { countWords } from "./count-words.js";

/** @type {import("@stoa/agent-kit/agent").AgentRun<{ text: string }, { words: number, characters: number }>} */
export function run({ text }, ctx) {
  const words = countWords(text);
  ctx.log("counted", words, "words");
  return { words, characters: [...text].length };
}
