/** Words that end in a point without ending a sentence, lower-case, in the languages the agent knows. */
const ABBREVIATIONS = new Set(
  (
    "mr mrs ms dr prof sr jr st vs etc eg ie al cf ca approx no nos vol fig figs eq sec ch pp ed eds inc ltd co corp dept est gen gov rev hon capt col lt sgt " +
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun " +
    "z.b bzw usw d.h u.a ggf evtl inkl exkl bspw vgl nr abs str sog geb " +
    "p.ex c.-à-d env mme mlle mm av art " +
    "ej ud uds sra srta dra pág núm aprox " +
    "ecc sig sig.ra dott ing avv pag es " +
    "bijv enz m.b.t o.a d.w.z blz nl " +
    "e.g i.e u.s u.k a.m p.m ph.d"
  ).split(" "),
);

/** Characters looked at behind the end of a sentence: spaces and a letter. */
const LOOK_AHEAD = 8;

const LATIN_END = /[.!?…]+["'”’»)\]]*(?=\s+)/g;
const WIDE_END = /[。！？]+[」』”）]*/g;

/** More of a sentence's end than any abbreviation takes. */
const LONGEST_WORD = 40;

/** True when the point at the end of `before` belongs to its last word. */
function endsInAbbreviation(before: string, after: string): boolean {
  const word = /([\p{L}\p{N}.-]+)\.["'”’»)\]]*$/u.exec(before.slice(-LONGEST_WORD))?.[1];
  if (word === undefined) return false;
  const lower = word.toLowerCase();
  if (ABBREVIATIONS.has(lower)) return true;
  // Initials, as in "J. S. Bach", and numbering, as in "1. First".
  if (/^\p{Lu}$/u.test(word) || /(?:^|\.)\p{L}$/u.test(word)) return /^\p{Lu}/u.test(after);
  return /^\d{1,3}$/.test(word) && before.trim() === `${word}.`;
}

/**
 * Splits a paragraph into sentences: at points, question and exclamation marks that are followed by a space and do
 * not end an abbreviation, an initial or a number, and at the marks of Chinese and Japanese.
 */
export function splitSentences(paragraph: string): string[] {
  const ends: number[] = [];
  for (const match of paragraph.matchAll(LATIN_END)) {
    const end = match.index + match[0].length;
    const start = ends.at(-1) ?? 0;
    const before = paragraph.slice(start, end);
    const after = paragraph.slice(end, end + LOOK_AHEAD).trimStart();
    const opensLower = /^\p{Ll}/u.test(after);
    if (opensLower && match[0].startsWith(".")) continue;
    if (match[0].startsWith(".") && !match[0].startsWith("..") && endsInAbbreviation(before, after)) continue;
    ends.push(end);
  }
  for (const match of paragraph.matchAll(WIDE_END)) ends.push(match.index + match[0].length);
  ends.sort((a, b) => a - b);
  const sentences: string[] = [];
  let start = 0;
  for (const end of [...ends, paragraph.length]) {
    const sentence = paragraph.slice(start, end).trim();
    if (sentence) sentences.push(sentence);
    start = end;
  }
  return sentences;
}
