import { bestOf, type Scored } from "./best.ts";
import { fuseRankings } from "./fuse-rankings.ts";
import { type AgentFilter, type AgentRecord, noRecord, passes, type SearchedAgent } from "./searched-agent.ts";
import { compareNames, placeOf } from "./stable-order.ts";
import { type AskedWord, TextIndex } from "./text/text-index.ts";
import { wordsOf } from "./text/words-of.ts";
import { VectorIndex } from "./vectors/vector-index.ts";

/** How deep a search goes, by words and by meaning: pages end there. */
const MOST_FOUND = 1_000;
export const MOST_NEAR = 400;
/** Words of a query that are looked up; what comes after them is not. */
const MOST_WORDS = 16;

export interface AgentQuery {
  text: string;
  filter: AgentFilter;
  /** The query's vector: agents near to it in meaning are found with those that have its words. */
  vector?: ArrayLike<number> | undefined;
  /** Agents near to the query in meaning, the nearest first, where something else keeps the vectors. */
  nearest?: readonly NearestAgent[] | undefined;
  /** Where a page starts: after this score and name. */
  after?: { score: number; name: string } | undefined;
  limit: number;
}

export interface NearestAgent {
  versionId: string;
  /** The cosine of the angle between the vectors. */
  similarity: number;
}

export interface AgentHit {
  name: string;
  versionId: string;
  record: AgentRecord;
  /** From 0 to 1; an integer of billionths, so that it is the same wherever it is written and read. */
  score: number;
  /** The similarity in meaning; null where it was not among the nearest. */
  meaning: number | null;
}

export interface AgentHits {
  hits: AgentHit[];
  /** What the query's words were looked up as. */
  words: AskedWord[];
  /** Whether agents near in meaning were looked for: a vector of the query was given, and there are others to compare. */
  byMeaning: boolean;
}

interface Entry extends Pick<SearchedAgent, "name" | "versionId" | "capabilities" | "kind" | "royalty"> {
  record: AgentRecord;
}

/** The agents that can be found, by their words, their spelling and their meaning. */
export class AgentIndex {
  readonly #text = new TextIndex();
  #vectors: VectorIndex | undefined;
  readonly #entries: (Entry | undefined)[] = [];
  readonly #places: number[] = [];
  readonly #byName = new Map<string, number>();
  readonly #byVersion = new Map<string, number>();
  /** Of agents whose record came before them, too. */
  readonly #records = new Map<string, AgentRecord>();
  readonly #free: number[] = [];

  /** The version that stands for each name. */
  versions(): { name: string; versionId: string }[] {
    return this.#entries.flatMap((entry) => (entry ? [{ name: entry.name, versionId: entry.versionId }] : []));
  }

  /** @returns the versions that came in */
  put(agents: readonly SearchedAgent[]): string[] {
    const added: string[] = [];
    for (const { name, versionId, description, capabilities, kind, royalty } of agents) {
      // The same version is the same agent, whose vector is there already.
      if (this.#byVersion.has(versionId)) continue;
      this.remove([name]);
      const document = this.#free.pop() ?? this.#entries.length;
      const record = this.#records.get(versionId) ?? noRecord;
      this.#entries[document] = { name, versionId, capabilities, kind, royalty, record };
      this.#places[document] = placeOf(name);
      this.#byName.set(name, document);
      this.#byVersion.set(versionId, document);
      this.#text.put(document, { name, description, capabilities: capabilities.join(" ") });
      added.push(versionId);
    }
    return added;
  }

  remove(names: readonly string[]): void {
    for (const name of names) {
      const document = this.#byName.get(name);
      const entry = document === undefined ? undefined : this.#entries[document];
      if (document === undefined || !entry) continue;
      this.#text.remove(document);
      this.#vectors?.remove(document);
      this.#byName.delete(name);
      this.#byVersion.delete(entry.versionId);
      this.#entries[document] = undefined;
      this.#free.push(document);
    }
  }

  /** Takes what executions say of versions, whether they are in the index or not. */
  setRecords(records: readonly (readonly [versionId: string, record: AgentRecord])[]): void {
    for (const [versionId, record] of records) {
      this.#records.set(versionId, record);
      const document = this.#byVersion.get(versionId);
      if (document !== undefined) this.#entries[document]!.record = record;
    }
  }

  /**
   * Takes the vectors of versions; of those that are not in the index, none. The first one says how long they all are.
   * @returns versions whose vectors are of another length, and are not taken
   */
  setVectors(vectors: readonly (readonly [versionId: string, vector: ArrayLike<number>])[]): string[] {
    const refused: string[] = [];
    for (const [versionId, vector] of vectors) {
      const document = this.#byVersion.get(versionId);
      if (document === undefined) continue;
      this.#vectors ??= new VectorIndex(vector.length);
      if (vector.length === this.#vectors.dimensions) this.#vectors.put(document, vector);
      else refused.push(versionId);
    }
    return refused;
  }

  /** The versions that pass a filter, when they are few; null when they are more than `most`. */
  passing(filter: AgentFilter, most: number): string[] | null {
    const found: string[] = [];
    for (const entry of this.#entries) {
      if (!entry || !passes(entry, entry.record, filter)) continue;
      if (found.length === most) return null;
      found.push(entry.versionId);
    }
    return found;
  }

  search(query: AgentQuery): AgentHits {
    const text = wordsOf(query.text);
    const words = [...new Set(text)].slice(0, MOST_WORDS);
    const admits = (document: number) => {
      const entry = this.#entries[document];
      return entry !== undefined && passes(entry, entry.record, query.filter);
    };
    const scores = new Float32Array(this.#entries.length);
    const asked = this.#text.score(words, scores);
    const byText = bestOf(scores, MOST_FOUND, { admits, before: this.#before });
    const meaning = this.#byMeaning(query, admits);
    const named = this.#byName.get(text.join("-"));
    const byName = named !== undefined && admits(named) ? [{ document: named, score: 1 }] : [];
    const fused = fuseRankings([byText, meaning ?? [], byName], this.#before);
    const from = query.after ? fused.findIndex((found) => this.#isAfter(found, query.after!)) : 0;
    const page = from < 0 ? [] : fused.slice(from, from + query.limit);
    const meaningScores = new Map(meaning?.map(({ document, score }) => [document, score]));
    return {
      words: asked,
      byMeaning: meaning !== undefined,
      hits: page.map(({ document, score }) => {
        const { name, versionId, record } = this.#entries[document]!;
        return { name, versionId, record, score, meaning: meaningScores.get(document) ?? null };
      }),
    };
  }

  #byMeaning({ vector, nearest }: AgentQuery, admits: (document: number) => boolean): Scored[] | undefined {
    if (nearest)
      return nearest.flatMap(({ versionId, similarity }) => {
        const document = this.#byVersion.get(versionId);
        return document !== undefined && similarity > 0 && admits(document) ? [{ document, score: similarity }] : [];
      });
    if (!vector || vector.length !== this.#vectors?.dimensions) return undefined;
    return bestOf(this.#vectors.similarities(vector), MOST_NEAR, { admits, before: this.#before });
  }

  /** What is otherwise equal is ordered by names, in every process alike. */
  readonly #before = (a: number, b: number): number =>
    this.#places[a]! - this.#places[b]! || compareNames(this.#named(a), this.#named(b));

  #named(document: number): { name: string; place: number } {
    return { name: this.#entries[document]?.name ?? "", place: this.#places[document]! };
  }

  #isAfter({ document, score }: Scored, after: { score: number; name: string }): boolean {
    const isNameAfter = compareNames(this.#named(document), { name: after.name, place: placeOf(after.name) }) > 0;
    return score < after.score || (score === after.score && isNameAfter);
  }
}
