import assert from "node:assert/strict";
import { test } from "node:test";
import { countWords } from "../src/count-words.ts";

test("words are what white space parts", () => {
  assert.equal(countWords(" one\ttwo\n\nthree "), 3);
  assert.equal(countWords(" \n"), 0);
});
