import { editsBetween } from "./edits-between.ts";

/** A word of the index that is spelled like another, from 0 to 1. */
export interface NearWord {
  id: number;
  word: string;
  similarity: number;
}

/** Words that share this part of their letter groups are forms of one another: "translate" and "translation". */
const LEAST_SHARED = 0.6;
/** Words a slip apart share at least this part; in those that share less no slips are counted. */
const LEAST_SLIPPED = 0.2;

/**
 * The words of an index, each under a number, with the groups of three letters they are found by when they are spelled
 * otherwise. A word that no document has any more is forgotten, and its number given to another.
 */
export class Vocabulary {
  readonly #ids = new Map<string, number>();
  readonly #words: (string | undefined)[] = [];
  readonly #documents: number[] = [];
  readonly #groupCounts: number[] = [];
  readonly #groups = new Map<string, number[]>();
  readonly #free: number[] = [];
  /** For each word, how many groups it shares with the one asked for; all zero between two questions. */
  #shared = new Uint8Array(1_024);

  get size(): number {
    return this.#ids.size;
  }

  find(word: string): number | undefined {
    return this.#ids.get(word);
  }

  /** How many documents have a word. */
  documentsWith(id: number): number {
    return this.#documents[id] ?? 0;
  }

  /** Counts one more document with a word, and gives the word's number. */
  add(word: string): number {
    const known = this.#ids.get(word);
    if (known !== undefined) {
      this.#documents[known]! += 1;
      return known;
    }
    const id = this.#free.pop() ?? this.#words.length;
    const groups = groupsOf(word);
    this.#ids.set(word, id);
    this.#words[id] = word;
    this.#documents[id] = 1;
    this.#groupCounts[id] = groups.length;
    for (const group of groups) {
      const ids = this.#groups.get(group);
      if (ids) ids.push(id);
      else this.#groups.set(group, [id]);
    }
    return id;
  }

  /** Counts one document less with a word. */
  drop(id: number): void {
    this.#documents[id]! -= 1;
    const word = this.#words[id];
    if (this.#documents[id] !== 0 || word === undefined) return;
    for (const group of groupsOf(word)) {
      const ids = this.#groups.get(group)!;
      ids[ids.indexOf(id)] = ids.at(-1)!;
      ids.pop();
      if (ids.length === 0) this.#groups.delete(group);
    }
    this.#ids.delete(word);
    this.#words[id] = undefined;
    this.#free.push(id);
  }

  /** The words spelled most like one, itself left out: the nearest first, and of equally near ones the commonest. */
  near(word: string, most: number): NearWord[] {
    const groups = groupsOf(word);
    const edits = editsAllowed(word);
    const found: NearWord[] = [];
    for (const id of this.#countShared(groups)) {
      const shared = (2 * this.#shared[id]!) / (groups.length + this.#groupCounts[id]!);
      this.#shared[id] = 0;
      if (shared < LEAST_SLIPPED) continue;
      const other = this.#words[id]!;
      const similarity = Math.max(shared < LEAST_SHARED ? 0 : shared, editSimilarity(word, other, edits));
      if (similarity > 0 && other !== word) found.push({ id, word: other, similarity });
    }
    const common = (near: NearWord) => this.documentsWith(near.id);
    return found
      .sort((a, b) => b.similarity - a.similarity || common(b) - common(a) || (a.word < b.word ? -1 : 1))
      .slice(0, most);
  }

  #countShared(groups: readonly string[]): number[] {
    if (this.#shared.length < this.#words.length) this.#shared = new Uint8Array(this.#words.length * 2);
    const touched: number[] = [];
    for (const group of groups)
      for (const id of this.#groups.get(group) ?? []) {
        if (this.#shared[id] === 0) touched.push(id);
        this.#shared[id]! += 1;
      }
    return touched;
  }
}

/** Slips a word of its length may have: in shorter ones any slip makes another word. */
function editsAllowed(word: string): number {
  if (word.length < 4) return 0;
  return word.length < 9 ? 1 : 2;
}

function editSimilarity(word: string, other: string, most: number): number {
  if (most === 0) return 0;
  const edits = editsBetween(word, other, most);
  return edits > most ? 0 : 1 - edits / Math.max(word.length, other.length);
}

/** The distinct groups of three letters of a word, its beginning and end counted as letters. */
function groupsOf(word: string): string[] {
  const padded = `^${word}$`;
  const groups = new Set<string>();
  for (let at = 0; at + 3 <= padded.length; at += 1) groups.add(padded.slice(at, at + 3));
  return [...groups];
}
