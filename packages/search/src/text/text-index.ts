import { Vocabulary } from "./vocabulary.ts";
import { wordsOf } from "./words-of.ts";

/** How much a word counts by where it stands, and how many words stand there usually. */
const fields = {
  name: { weight: 4, usualWords: 3 },
  capabilities: { weight: 3, usualWords: 3 },
  description: { weight: 1, usualWords: 60 },
} as const;
export type TextField = keyof typeof fields;
const textFields = Object.keys(fields) as TextField[];

/** BM25's usual constants: how soon more of the same word counts no more, and how much a long text takes off. */
const K1 = 1.2;
const B = 0.75;
/** A posting holds its document and, in the lowest bits, how much the word counts in it. */
const COUNT_BITS = 8;
const MOST_COUNT = (1 << COUNT_BITS) - 1;
/** Postings stay integers that the engine keeps unboxed. */
const MOST_DOCUMENTS = 1 << (30 - COUNT_BITS);
/** Words spelled like one that is asked for which are looked up with it. */
const NEAR_WORDS = 8;
/** What a near spelling counts beside the word itself: little where that is in the index, more where it is not. */
const NEAR_KNOWN = 0.4;
const NEAR_UNKNOWN = 0.8;

/** A word asked for, and what it is looked up as. */
export interface AskedWord {
  word: string;
  /** Whether some document has it as it is. */
  isKnown: boolean;
  near: string[];
}

interface LookedUp extends AskedWord {
  rarity: number;
  terms: { id: number; weight: number }[];
}

/**
 * Finds documents by the words in them. A word's weight in a document is fixed when it comes in, with usual lengths in
 * place of averages: only how rare words are depends on what else is there, so that two indexes of the same documents
 * score alike whatever order they came in.
 * @see Robertson, Zaragoza, Taylor, "Simple BM25 extension to multiple weighted fields" (2004)
 */
export class TextIndex {
  readonly #vocabulary = new Vocabulary();
  readonly #postings: number[][] = [];
  readonly #wordsOfDocument: (Uint32Array | undefined)[] = [];
  #documents = 0;
  #best = new Float32Array(0);

  /** @param document a small number of its own, not in the index */
  put(document: number, text: Readonly<Record<TextField, string>>): void {
    if (document >= MOST_DOCUMENTS) throw new RangeError(`an index takes ${MOST_DOCUMENTS} documents`);
    const counts = countWords(text);
    const words = new Uint32Array(counts.size);
    let at = 0;
    for (const [word, count] of counts) {
      const id = this.#vocabulary.add(word);
      words[at++] = id;
      const part = Math.max(1, Math.round((MOST_COUNT * count) / (K1 + count)));
      (this.#postings[id] ??= []).push((document << COUNT_BITS) | part);
    }
    this.#wordsOfDocument[document] = words;
    this.#documents += 1;
  }

  remove(document: number): void {
    for (const id of this.#wordsOfDocument[document] ?? []) {
      const postings = this.#postings[id]!;
      postings[postings.findIndex((posting) => posting >> COUNT_BITS === document)] = postings.at(-1)!;
      postings.pop();
      this.#vocabulary.drop(id);
    }
    this.#wordsOfDocument[document] = undefined;
    this.#documents -= 1;
  }

  /**
   * Scores documents by the words of a query: from 0 to 1, which is every word as clear as can be. Of a word and its near
   * spellings the one that counts most in a document counts.
   * @param scores one place for each document, zero; what is found is added
   * @returns what the words were looked up as
   */
  score(words: readonly string[], scores: Float32Array): AskedWord[] {
    if (this.#best.length < scores.length) this.#best = new Float32Array(scores.length);
    const asked = words.map((word) => this.#lookUp(word));
    const whole = asked.reduce((sum, { rarity }) => sum + rarity, 0);
    for (const { terms } of asked) {
      for (const { id, weight } of terms) this.#take(id, weight / whole / MOST_COUNT, scores);
      for (const { id } of terms) for (const posting of this.#postings[id]!) this.#best[posting >> COUNT_BITS] = 0;
    }
    return asked.map(({ word, isKnown, near }) => ({ word, isKnown, near }));
  }

  #take(id: number, weight: number, scores: Float32Array): void {
    const best = this.#best;
    for (const posting of this.#postings[id] ?? []) {
      const document = posting >> COUNT_BITS;
      const gain = weight * (posting & MOST_COUNT) - best[document]!;
      if (gain <= 0) continue;
      scores[document]! += gain;
      best[document]! += gain;
    }
  }

  /** A near spelling counts as no rarer than the word it stands for, a word that is nowhere as rare as its nearest. */
  #lookUp(word: string): LookedUp {
    const id = this.#vocabulary.find(word);
    const near = this.#vocabulary.near(word, NEAR_WORDS);
    const stands = id ?? near[0]?.id;
    const rarity = stands === undefined ? this.#rarest() : this.#rarityOf(stands);
    const share = id === undefined ? NEAR_UNKNOWN : NEAR_KNOWN;
    const terms = near.map((other) => ({
      id: other.id,
      weight: share * other.similarity ** 2 * Math.min(rarity, this.#rarityOf(other.id)),
    }));
    if (id !== undefined) terms.unshift({ id, weight: rarity });
    return { word, isKnown: id !== undefined, near: near.map((other) => other.word), rarity, terms };
  }

  #rarityOf(id: number): number {
    const having = this.#vocabulary.documentsWith(id);
    return Math.log(1 + (this.#documents - having + 0.5) / (having + 0.5));
  }

  /** A word that is nowhere takes off what a word in one document would give. */
  #rarest(): number {
    return Math.log(1 + (this.#documents + 0.5) / 0.5);
  }
}

/** How much each word counts in a document: more in weightier fields, less in longer ones. */
function countWords(text: Readonly<Record<TextField, string>>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const field of textFields) {
    const { weight, usualWords } = fields[field];
    const words = wordsOf(text[field]);
    const share = weight / (1 - B + (B * words.length) / usualWords);
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + share);
  }
  return counts;
}
