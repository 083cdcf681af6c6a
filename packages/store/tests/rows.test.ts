import fc from "fast-check";
import { PGlite } from "@electric-sql/pglite";
import { expect, test } from "vitest";
import { rowsOf, toColumns } from "../src/batch/rows.ts";

test("whatever rows hold, the database reads the same", async () => {
  const types = { id: "text", hash: "word", count: "integer", document: "jsonb", at: "instant" };
  const text = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom("", "null", "NULL", "{}", ",", '"', "\\", '\\"', " a ", "it's"),
  );
  // Neither text nor documents can hold a zero byte.
  const clean = text.map((value) => value.replaceAll("\0", ""));
  const row = fc.record({
    id: fc.option(clean),
    hash: fc.option(fc.stringMatching(/^[\w.:/{},"\\ -]{1,9}$/)),
    at: fc.option(fc.integer({ min: 0, max: 4_102_444_800_000 })),
    count: fc.option(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
    document: fc.option(
      fc.dictionary(fc.stringMatching(/^[a-z{},]{1,5}$/), fc.oneof(clean, fc.boolean(), fc.integer(), fc.array(clean))),
    ),
  });
  const database = await PGlite.create();
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1 }), async (rows) => {
        const read = await database.query(`select * from ${rowsOf(types)}`, toColumns(types, rows));
        expect(read.rows).toEqual(
          rows.map(({ at, document, ...each }) => ({
            ...each,
            document: document && { ...document },
            at: at === null ? null : new Date(at),
          })),
        );
      }),
    );
  } finally {
    await database.close();
  }
});
