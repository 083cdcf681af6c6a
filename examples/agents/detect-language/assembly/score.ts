import { CODES, FLOOR_LOG } from "../build/table";
import { addLeft, findSequence, leftAtAll, letterNumber, readProbabilities } from "./profiles";
import { scriptOf } from "./scripts";

const SPACE = 0x20;
const SPACE_NUMBER = letterNumber(SPACE);

/** Logarithms of the probability of a text in each language, and how many letters they rest on. */
export class Scores {
  sums: StaticArray<f64> = new StaticArray<f64>(CODES.length);
  letters: i32 = 0;
}

const row = new StaticArray<f64>(CODES.length);

/** Adds, for every language, how likely `letter` is after the two before it (`first` is 0 at a word's second letter). */
function addLetter(sums: StaticArray<f64>, first: i32, second: i32, letter: i32): void {
  for (let language = 0; language < CODES.length; language += 1) row[language] = leftAtAll(language) + FLOOR_LOG;
  const alone = findSequence(letter);
  if (alone >= 0) readProbabilities(alone, row);

  const before = findSequence(second);
  if (before >= 0) addLeft(before, row);
  const pair = findSequence((second << 8) | letter);
  if (pair >= 0) readProbabilities(pair, row);

  if (first != 0) {
    const pairBefore = findSequence((first << 8) | second);
    if (pairBefore >= 0) addLeft(pairBefore, row);
    const triple = findSequence((first << 16) | (second << 8) | letter);
    if (triple >= 0) readProbabilities(triple, row);
  }
  for (let language = 0; language < CODES.length; language += 1) sums[language] += row[language];
}

/** Scores the words of one script in a text, up to `most` letters. */
export function scoreText(text: string, script: i32, most: i32): Scores {
  const scores = new Scores();
  let first = 0;
  let second = SPACE_NUMBER;
  for (let index = 0; index <= text.length && scores.letters < most; index += 1) {
    const code = index < text.length ? <i32>text.charCodeAt(index) : SPACE;
    const number = scriptOf(code) == script ? letterNumber(code) : 0;
    if (number != 0) {
      addLetter(scores.sums, first, second, number);
      scores.letters += 1;
      first = second;
      second = number;
    } else {
      if (second != SPACE_NUMBER) addLetter(scores.sums, first, second, SPACE_NUMBER);
      first = 0;
      second = SPACE_NUMBER;
    }
  }
  return scores;
}
