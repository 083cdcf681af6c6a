import type { AgentContext } from "@stoa/agent-kit/agent";
import { countWords } from "./count-words.ts";

export interface Input {
  text: string;
}

export interface Output {
  words: number;
  characters: number;
}

export function run({ text }: Input, ctx: AgentContext): Output {
  const words = countWords(text);
  ctx.log("counted", words, "words");
  return { words, characters: [...text].length };
}
