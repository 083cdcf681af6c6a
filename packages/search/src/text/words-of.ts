const WORD = /[\p{L}\p{N}]+/gu;
const ASCII = /^[\0-\x7f]*$/;
/** Scripts that put no spaces between words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;
/** What is longer is an address or a hash: nobody searches for its end. */
const LONGEST = 40;

/**
 * The words of a text as they are compared: lower case, without accents, in order. Of scripts that put no spaces between
 * words, every two characters that follow one another are one.
 * @example
 * wordsOf("Résumé of a CSV") // ["resume", "of", "a", "csv"]
 */
export function wordsOf(text: string): string[] {
  const plain = ASCII.test(text)
    ? text
    : text
        .normalize("NFKD")
        .replaceAll(/\p{M}+/gu, "")
        .normalize("NFC");
  const words: string[] = plain.toLowerCase().match(WORD) ?? [];
  return words.flatMap((word) => (UNSPACED.test(word) ? pairsOf(word) : [word.slice(0, LONGEST)]));
}

function pairsOf(word: string): string[] {
  const characters = Array.from(word);
  if (characters.length === 1) return characters;
  return characters.slice(1).map((character, at) => `${characters[at]}${character}`);
}
