import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningAgent, runBuiltAgent } from "../../run-built-agent.ts";
import type { ProfileOutput } from "../src/main.ts";

let agent: RunningAgent;
beforeAll(async () => {
  agent = await runBuiltAgent("profile-csv");
});
afterAll(() => agent[Symbol.asyncDispose]());

const orders = [
  "order,customer,placed,amount,paid,note",
  '1,"Smith, Anna",2024-01-05,19.90,yes,"said ""thanks"""',
  "2,Bob,2024-01-06,25.00,no,",
  "3,Bob,2024-01-07,22.50,yes,N/A",
  "4,Cy,2024-01-08,n/a,yes,",
  "5,Dee,2024-01-09,21.00,no,",
  "6,Eve,2024-01-10,18.75,yes,",
  "7,Fay,2024-01-11,23.10,yes,",
  "8,Gus,2024-01-12,24.99,no,",
  "9,Hal,2024-01-13,20.00,yes,",
  "10,Ida,2024-01-14,9999.00,yes,",
  "10,Ida,2024-01-14,9999.00,yes,",
].join("\r\n");

test("a table becomes what its columns are, miss and hide", async () => {
  const { table, columns, warnings } = await agent.outputOf<ProfileOutput>({ csv: orders });
  expect(table).toEqual({
    rows: 11,
    columns: 6,
    delimiter: ",",
    header: true,
    duplicateRows: 1,
    raggedRows: 0,
    missingCells: 11,
  });
  expect(warnings).toEqual([]);
  expect(columns.map(({ name, type, missing }) => [name, type, missing])).toEqual([
    ["order", "integer", 0],
    ["customer", "text", 0],
    ["placed", "date", 0],
    ["amount", "number", 1],
    ["paid", "boolean", 0],
    ["note", "text", 10],
  ]);
  const [, customer, placed, amount, paid, note] = columns;
  expect(customer).toMatchObject({ distinct: 9, topValues: expect.arrayContaining([{ value: "Bob", count: 2 }]) });
  expect(placed!.date).toEqual({ min: "2024-01-05", max: "2024-01-14", median: "2024-01-10" });
  expect(amount!.number).toMatchObject({
    min: 18.75,
    max: 9999,
    outliers: {
      count: 2,
      examples: [
        { row: 10, value: 9999 },
        { row: 11, value: 9999 },
      ],
    },
  });
  expect(paid!.boolean).toEqual({ true: 8, false: 3 });
  expect(note!.topValues).toEqual([{ value: 'said "thanks"', count: 1 }]);
});

test("European files, files without a header and ragged files are read too", async () => {
  const european = await agent.outputOf<ProfileOutput>({
    csv: "Stadt;Einwohner;Gegründet\nBerlin;3850000;28.10.1237\nHamburg;1900000;07.05.1189\nKöln;1080000;01.01.0050\n",
  });
  expect(european.table).toMatchObject({ delimiter: ";", header: true, rows: 3 });
  expect(european.columns.map(({ type }) => type)).toEqual(["text", "integer", "date"]);

  const bare = await agent.outputOf<ProfileOutput>({ csv: "1,2\n3,4\n" });
  expect(bare.table).toMatchObject({ header: false, rows: 2 });
  expect(bare.columns.map(({ name }) => name)).toEqual(["column 1", "column 2"]);

  const ragged = await agent.outputOf<ProfileOutput>({ csv: "a,b\n1,2\n3\n4,5,6\n" });
  expect(ragged.table).toMatchObject({ raggedRows: 2, missingCells: 1 });
  expect(ragged.warnings).toHaveLength(1);
});

test.each(["x", ",", "\n", '"', "a,a\n1,2", "\u0001,\u0002\n", ",,,\n,,,"])(
  "the odd file %j gets an answer",
  async (csv) => {
    expect(await agent.run({ csv })).toMatchObject({ status: "ok" });
  },
);

test("the largest file allowed is profiled within the limits", async () => {
  let csv = "id,name,value,when\n";
  for (let row = 1; csv.length < 995_000; row += 1)
    csv += `${row},"name ${row % 97}",${(row * 7919) % 1000}.${row % 10},2024-0${1 + (row % 9)}-1${row % 10}\n`;
  const outcome = await agent.run({ csv });
  expect(outcome).toMatchObject({ status: "ok" });
  console.log(
    `${csv.length} bytes in ${Math.round(outcome.stats.wallMs)} ms, ${Math.round(outcome.stats.peakMemoryMb ?? 0)} MB`,
  );
});
