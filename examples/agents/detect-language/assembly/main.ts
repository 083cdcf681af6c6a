import {
  log,
  member,
  progress,
  quote,
  readInput,
  readString,
  writeOutput,
} from "../../../../packages/agent-kit/assembly/stoa";
import { CODES, NAMES, SCRIPTS } from "../build/table";
import { scoreText } from "./score";
import { HAN, KANA, NONE, ONLY_CODES, ONLY_NAMES, SCRIPT_COUNT, scriptOf, SHARED } from "./scripts";

/** More letters than this do not make the answer surer. */
const MOST_LETTERS = 20_000;
const MOST_CANDIDATES = 3;
/** Neighbouring letters say much the same: evidence counts as from a third of the letters, and from no more than this. */
const DEPENDENCE: f64 = 0.33;
const MOST_EVIDENCE: f64 = 40;

class Candidate {
  code: string = "";
  name: string = "";
  confidence: f64 = 0;
}

/** Counts the letters of each script. */
function countScripts(text: string): StaticArray<i32> {
  const counts = new StaticArray<i32>(SCRIPT_COUNT);
  for (let index = 0; index < text.length; index += 1) {
    const script = scriptOf(text.charCodeAt(index));
    if (script != NONE) counts[script] += 1;
  }
  return counts;
}

/** The script most letters are of; Japanese is written in Han signs too, but never without kana for long. */
function mainScript(counts: StaticArray<i32>): i32 {
  if (counts[KANA] * 10 > counts[HAN]) {
    counts[KANA] += counts[HAN];
    counts[HAN] = 0;
  }
  let best = NONE;
  for (let script = 0; script < SCRIPT_COUNT; script += 1) {
    if (counts[script] > 0 && (best == NONE || counts[script] > counts[best])) best = script;
  }
  return best;
}

/** The languages of a shared script, the likeliest first, their confidences adding up to 1. */
function rankLanguages(text: string, script: i32): Candidate[] {
  const scores = scoreText(text, script, MOST_LETTERS);
  const weight = Math.min(DEPENDENCE * <f64>scores.letters, MOST_EVIDENCE) / Math.max(1, <f64>scores.letters);
  let highest = -Infinity;
  for (let language = 0; language < CODES.length; language += 1) {
    if (SCRIPTS[language] == SHARED[script]) highest = Math.max(highest, scores.sums[language]);
  }
  const candidates: Candidate[] = [];
  let sum: f64 = 0;
  for (let language = 0; language < CODES.length; language += 1) {
    if (SCRIPTS[language] != SHARED[script]) continue;
    const candidate = new Candidate();
    candidate.code = CODES[language];
    candidate.name = NAMES[language];
    candidate.confidence = Math.exp((scores.sums[language] - highest) * weight);
    sum += candidate.confidence;
    candidates.push(candidate);
  }
  for (let index = 0; index < candidates.length; index += 1) candidates[index].confidence /= sum;
  candidates.sort((a, b) => (a.confidence > b.confidence ? -1 : a.confidence < b.confidence ? 1 : 0));
  return candidates;
}

function written(confidence: f64): string {
  return (Math.round(confidence * 1000) / 1000).toString();
}

function describe(candidate: Candidate): string {
  return `"language":${quote(candidate.code)},"name":${quote(candidate.name)},"confidence":${written(candidate.confidence)}`;
}

function answer(candidates: Candidate[], letters: i32): void {
  let list = "";
  for (let index = 0; index < min(candidates.length, MOST_CANDIDATES); index += 1) {
    list += (index > 0 ? "," : "") + "{" + describe(candidates[index]) + "}";
  }
  writeOutput(`{${describe(candidates[0])},"letters":${letters.toString()},"candidates":[${list}]}`);
}

export function run(): i32 {
  const value = member(readInput(), "text");
  let raw: string | null = null;
  if (value !== null) raw = readString(value, 0);
  if (raw === null) {
    log("the input has no text");
    return 1;
  }
  const text = raw.toLowerCase();
  progress(0.1, "read");
  const counts = countScripts(text);
  const script = mainScript(counts);
  const letters = script == NONE ? 0 : counts[script];
  let candidates: Candidate[];
  if (script != NONE && script < SHARED.length) candidates = rankLanguages(text, script);
  else {
    let total = 0;
    for (let index = 0; index < SCRIPT_COUNT; index += 1) total += counts[index];
    const only = new Candidate();
    only.code = script == NONE ? "und" : ONLY_CODES[script];
    only.name = script == NONE ? "undetermined" : ONLY_NAMES[script];
    only.confidence = script == NONE ? 0 : <f64>letters / <f64>total;
    candidates = [only];
  }
  log(`${letters.toString()} letters, ${candidates[0].name}`);
  answer(candidates, letters);
  progress(1, "done");
  return 0;
}
