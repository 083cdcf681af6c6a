import { CODES, LETTERS, SEQUENCES, STEP, TABLE } from "../build/table";

/** Sequences above this key have three letters, and entries without what is left to shorter ones. */
const TWO_LETTERS: u32 = 0xffff;

const LANGUAGES: i32 = CODES.length;
const ALPHABET: usize = TABLE + LANGUAGES;
const KEYS: usize = ALPHABET + 2 * LETTERS;
const ENTRIES: usize = KEYS + 4 * SEQUENCES;

/** Where each sequence's entries start, added up once. */
const starts = new StaticArray<u32>(SEQUENCES);
let end: u32 = 0;
for (let index = 0; index < SEQUENCES; index += 1) {
  starts[index] = end;
  const count = <u32>load<u8>(KEYS + 4 * index + 3);
  end += count * (keyAt(index) > TWO_LETTERS ? 2 : 3);
}

function keyAt(index: i32): u32 {
  return load<u32>(KEYS + 4 * index) & 0xffffff;
}

/** A letter's number in the table; 0 for a letter no language of it has. */
export function letterNumber(code: i32): i32 {
  let low = 0;
  let high = LETTERS - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const letter = <i32>load<u16>(ALPHABET + 2 * middle);
    if (letter == code) return middle + 1;
    if (letter < code) low = middle + 1;
    else high = middle - 1;
  }
  return 0;
}

/** Where a sequence of letter numbers stands in the table; -1 when it does not. */
export function findSequence(key: u32): i32 {
  let low = 0;
  let high = SEQUENCES - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = keyAt(middle);
    if (found == key) return middle;
    if (found < key) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** What a language leaves, as a logarithm, to letters it was never seen with. */
export function leftAtAll(language: i32): f64 {
  return -STEP * <f64>load<u8>(TABLE + language);
}

/** Puts the logarithm of the probability each language gives a sequence's last letter into `target`, where it has one. */
export function readProbabilities(index: i32, target: StaticArray<f64>): void {
  const width = keyAt(index) > TWO_LETTERS ? 2 : 3;
  const count = <i32>load<u8>(KEYS + 4 * index + 3);
  let at = ENTRIES + starts[index];
  for (let entry = 0; entry < count; entry += 1) {
    target[load<u8>(at)] = -STEP * <f64>load<u8>(at + 1);
    at += width;
  }
}

/** Adds what each language leaves to shorter sequences than the one or two letters at `index`. */
export function addLeft(index: i32, target: StaticArray<f64>): void {
  const count = <i32>load<u8>(KEYS + 4 * index + 3);
  let at = ENTRIES + starts[index];
  for (let entry = 0; entry < count; entry += 1) {
    target[load<u8>(at)] -= STEP * <f64>load<u8>(at + 2);
    at += 3;
  }
}
