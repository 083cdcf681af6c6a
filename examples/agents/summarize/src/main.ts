import type { AgentContext } from "@stoa/agent-kit";
import { chooseSentences } from "./choose-sentences.ts";
import { plainBlocks } from "./plain-blocks.ts";
import { rankSentences, termVectors } from "./rank-sentences.ts";
import { splitSentences } from "./split-sentences.ts";
import { type Sentence, weighSentence } from "./weigh-sentence.ts";
import { guessLanguage, termsOf, wordsOf } from "./words.ts";

export interface SummarizeInput {
  text: string;
  maxSentences?: number;
  language?: string;
}
export interface SummarizeOutput {
  summary: string;
  sentences: { text: string; score: number; position: number }[];
  words: { input: number; summary: number };
}

/** Most sentences that are compared with each other: the comparison grows with their square. */
const MOST_COMPARED = 400;
const DEFAULT_SENTENCES = 5;

function sentencesOf(text: string): Sentence[] {
  const blocks = plainBlocks(text).flatMap((block) =>
    splitSentences(block.text).map((sentence, place) => ({ text: sentence, place, block })),
  );
  return blocks.map((sentence, position) => ({ ...sentence, position }));
}

/** Keeps the candidates of a long text that promise most, in order. */
function candidatesOf(sentences: Sentence[]): { sentence: Sentence; weight: number }[] {
  const seen = new Set<string>();
  const weighed = sentences.map((sentence) => ({ sentence, weight: weighSentence(sentence, sentences.length) }));
  const usable = weighed.filter(({ sentence, weight }) => {
    const key = sentence.text.toLowerCase();
    if (weight === 0 || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  const kept = usable.length > 0 ? usable : weighed.map(({ sentence }) => ({ sentence, weight: 1 }));
  const best = kept
    .toSorted((a, b) => b.weight - a.weight || a.sentence.position - b.sentence.position)
    .slice(0, MOST_COMPARED);
  return best.sort((a, b) => a.sentence.position - b.sentence.position);
}

/** Joins sentences into paragraphs as they stood: a new one where the heading changes would read as a list. */
function joinSentences(sentences: readonly Sentence[]): string {
  return sentences.map(({ text }) => (/[.!?。！？…]["'”’»)\]]*$/.test(text) ? text : `${text}.`)).join(" ");
}

/** Summarises a text by its most central sentences. */
export function run(
  { text, maxSentences = DEFAULT_SENTENCES, language }: SummarizeInput,
  context: AgentContext,
): SummarizeOutput {
  const words = wordsOf(text);
  const sentences = sentencesOf(text);
  const spoken = language ?? guessLanguage(sentences.flatMap((sentence) => wordsOf(sentence.text)));
  const candidates = candidatesOf(sentences);
  context.log(
    `${words.length} words, ${sentences.length} sentences, ${candidates.length} candidates, language ${spoken}`,
  );
  context.progress(0.2, "split");

  const vectors = termVectors(candidates.map(({ sentence }) => termsOf(sentence.text, spoken)));
  const weights = candidates.map(({ weight }) => weight);
  const central = rankSentences(vectors, weights, (fraction) => context.progress(0.2 + 0.7 * fraction, "comparing"));
  const raw = central.map((value, index) => value * weights[index]!);
  const highest = Math.max(...raw, 0) || 1;
  const scores = raw.map((value) => value / highest);
  context.progress(0.9, "ranked");

  const chosen = chooseSentences(scores, vectors, maxSentences);
  const picked = chosen.map((index) => candidates[index]!.sentence);
  const summary = joinSentences(picked);
  context.log(`chose sentences ${picked.map(({ position }) => position).join(", ")}`);
  context.progress(1, "done");
  return {
    summary,
    sentences: chosen.map((index) => ({
      text: candidates[index]!.sentence.text,
      score: Math.round(scores[index]! * 1_000) / 1_000,
      position: candidates[index]!.sentence.position,
    })),
    words: { input: words.length, summary: wordsOf(summary).length },
  };
}
