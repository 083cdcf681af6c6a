import fc from "fast-check";
import { expect, test } from "vitest";
import { Vocabulary } from "./vocabulary.ts";

function vocabularyOf(words: readonly string[]): Vocabulary {
  const vocabulary = new Vocabulary();
  for (const word of words) vocabulary.add(word);
  return vocabulary;
}

test.each([
  ["sumarize", "summarize"],
  ["langauges", "languages"],
  ["traslation", "translation"],
  ["jsno", "json"],
  ["translate", "translation"],
])("%s is looked up as %s first", (asked, found) => {
  const vocabulary = vocabularyOf([
    "json",
    "jason",
    "languages",
    "summarize",
    "submarine",
    "translation",
    "transition",
  ]);
  expect(vocabulary.near(asked, 3)[0]?.word).toBe(found);
});

test("of words as near as one another the commonest comes first", () => {
  const vocabulary = vocabularyOf(["cast", "cart", "cart"]);
  expect(vocabulary.near("cafft", 2)).toEqual([]);
  expect(vocabulary.near("caft", 2).map(({ word }) => word)).toEqual(["cart", "cast"]);
});

test("short words are other words at the first slip", () => {
  expect(vocabularyOf(["cat", "car", "can"]).near("cap", 9)).toEqual([]);
});

test("a vocabulary that forgot words answers as one that never had them", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "n"), minLength: 3, maxLength: 6 });
  fc.assert(
    fc.property(fc.array(word), fc.array(word), word, (kept, dropped, asked) => {
      const vocabulary = vocabularyOf([...dropped, ...kept]);
      for (const each of dropped) vocabulary.drop(vocabulary.find(each)!);
      const fresh = vocabularyOf(kept);
      expect(vocabulary.size).toBe(fresh.size);
      const answer = (of: Vocabulary) => of.near(asked, 99).map(({ word: near, similarity }) => ({ near, similarity }));
      expect(answer(vocabulary)).toEqual(answer(fresh));
    }),
  );
});
