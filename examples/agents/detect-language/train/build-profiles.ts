/**
 * Computes, out of the texts in corpus/udhr, the table the agent is compiled with: for every language the probability
 * of a letter after the two before it, smoothed by those after one and after none (Witten and Bell, 1991).
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { languages } from "./languages.ts";

/** Letters that count: the one that is predicted and those before it. */
const ORDER = 3;
/** How much probability is left to letters not seen yet: twice what Witten and Bell take, for so little text. */
const UNSEEN = 2;
/** Natural logarithm of the probability of a letter nothing is known of. */
const FLOOR_LOG = Math.log(1 / 300);
/** A sequence of three is kept when it says this much (in nats, over the whole text) that shorter ones do not. */
const LEAST_GAIN = 1;
/** One step of a byte that holds a logarithm. */
const STEP = 0.05;

interface Counts {
  total: number;
  after: Map<string, number>;
}
interface Entry {
  language: number;
  /** Steps below zero: the logarithm of the letter's probability, and of what is left to shorter sequences. */
  probability: number;
  left: number;
}

const toSteps = (logarithm: number) => Math.min(255, Math.max(0, Math.round(-logarithm / STEP)));

/** Words in lower case between spaces: the spaces tell how words begin and end. */
function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter(Boolean)
    .map((word) => ` ${word} `);
}

/** How often each letter follows each sequence of up to two. */
function countLetters(text: string): Map<string, Counts> {
  const counts = new Map<string, Counts>();
  for (const word of wordsOf(text)) {
    for (let index = 1; index < word.length; index += 1) {
      for (let length = 0; length < ORDER && length <= index; length += 1) {
        const context = word.slice(index - length, index);
        const known = counts.get(context) ?? { total: 0, after: new Map<string, number>() };
        known.total += 1;
        known.after.set(word[index]!, (known.after.get(word[index]!) ?? 0) + 1);
        counts.set(context, known);
      }
    }
  }
  return counts;
}

/** Adds a language's sequences to the table. */
function addLanguage(table: Map<string, Entry[]>, language: number, counts: Map<string, Counts>): void {
  const unseen = ({ total, after }: Counts) => (UNSEEN * after.size) / (total + UNSEEN * after.size);

  function probability(context: string, letter: string): number {
    const shorter = context === "" ? Math.exp(FLOOR_LOG) : probability(context.slice(1), letter);
    const known = counts.get(context);
    if (!known) return shorter;
    const left = unseen(known);
    return ((known.after.get(letter) ?? 0) / known.total) * (1 - left) + left * shorter;
  }

  for (const [context, known] of counts) {
    for (const [letter, count] of known.after) {
      const sequence = context + letter;
      const logarithm = Math.log(probability(context, letter));
      if (sequence.length === ORDER) {
        const without = Math.log(unseen(known) * probability(context.slice(1), letter));
        if (count * (logarithm - without) < LEAST_GAIN) continue;
      }
      const longer = counts.get(sequence);
      const entries = table.get(sequence) ?? [];
      entries.push({ language, probability: toSteps(logarithm), left: longer ? toSteps(Math.log(unseen(longer))) : 0 });
      table.set(sequence, entries);
    }
  }
}

/** The table's bytes, as `assembly/profiles.ts` reads them. */
function encodeTable(table: Map<string, Entry[]>, alphabet: string[], firstLeft: number[]): number[] {
  const indexOf = new Map(alphabet.map((letter, index) => [letter, index + 1]));
  if (alphabet.length > 255) throw new Error(`${alphabet.length} letters do not fit a byte`);
  const keyed = [...table].map(([sequence, entries]) => ({
    key: sequence.split("").reduce((key, letter) => key * 256 + indexOf.get(letter)!, 0),
    length: sequence.length,
    entries,
  }));
  keyed.sort((a, b) => a.key - b.key);
  const bytes = [...firstLeft];
  for (const letter of alphabet) bytes.push(letter.charCodeAt(0) & 0xff, letter.charCodeAt(0) >> 8);
  for (const { key, entries } of keyed) bytes.push(key & 0xff, (key >> 8) & 0xff, key >> 16, entries.length);
  for (const { length, entries } of keyed) {
    for (const { language, probability, left } of entries)
      bytes.push(language, probability, ...(length < ORDER ? [left] : []));
  }
  return bytes;
}

/** The AssemblyScript source of the table: the same text for the same corpus. */
export async function buildProfiles(): Promise<string> {
  const table = new Map<string, Entry[]>();
  const firstLeft: number[] = [];
  for (const [language, { code }] of languages.entries()) {
    const counts = countLetters(await readFile(join(import.meta.dirname, `../corpus/udhr/${code}.txt`), "utf8"));
    const start = counts.get("")!;
    firstLeft.push(toSteps(Math.log((UNSEEN * start.after.size) / (start.total + UNSEEN * start.after.size))));
    addLanguage(table, language, counts);
  }
  const alphabet = [...new Set([...table.keys()].flatMap((sequence) => sequence.split("")))].sort();
  const bytes = encodeTable(table, alphabet, firstLeft);
  const list = (values: readonly string[]) => `[${values.map((value) => JSON.stringify(value)).join(", ")}]`;
  return [
    "// Computed by train/build-profiles.ts.",
    `export const CODES: string[] = ${list(languages.map(({ code }) => code))};`,
    `export const NAMES: string[] = ${list(languages.map(({ name }) => name))};`,
    `export const SCRIPTS: string[] = ${list(languages.map(({ script }) => script))};`,
    `export const LETTERS: i32 = ${alphabet.length};`,
    `export const SEQUENCES: i32 = ${table.size};`,
    `export const STEP: f64 = ${STEP};`,
    `export const FLOOR_LOG: f64 = ${FLOOR_LOG};`,
    `export const TABLE: usize = memory.data<u8>([${bytes.join(",")}]);`,
    "",
  ].join("\n");
}
