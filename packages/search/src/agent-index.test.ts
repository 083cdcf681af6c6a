import fc from "fast-check";
import { expect, test } from "vitest";
import { AgentIndex } from "./agent-index.ts";
import { noRecord, type SearchedAgent } from "./searched-agent.ts";

const words = ["parse", "parser", "csv", "json", "table", "tables", "summary", "sum", "mary", "the"];
const agent = fc
  .record({
    name: fc.constantFrom("ant", "bee", "cow", "doe", "elk"),
    version: fc.nat(3),
    description: fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 6 }),
    capability: fc.constantFrom("text.parse", "data.sum"),
  })
  .map(({ name, version, description, capability }): SearchedAgent => {
    const text = description.join(" ");
    return {
      name,
      versionId: `${name} ${version} ${text} ${capability}`,
      description: text,
      capabilities: [capability],
      kind: "js",
      royalty: BigInt(version),
    };
  });
const query = fc.array(fc.constantFrom(...words, "parsr", "sumary", "tabels"), { minLength: 1, maxLength: 4 });

const vectorOf = ({ versionId }: { versionId: string }) => [versionId.length, versionId.charCodeAt(4), 7];

function searchIn(index: AgentIndex, text: string) {
  const { hits } = index.search({ text, filter: {}, vector: [1, 2, 3], limit: 100 });
  return hits;
}

test("an index through which agents went answers as one that has only those that are left", () => {
  const step = fc.oneof(agent, fc.constantFrom("ant", "bee", "cow"));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), query, (steps, asked) => {
      const index = new AgentIndex();
      const left = new Map<string, SearchedAgent>();
      for (const each of steps) {
        if (typeof each === "string") {
          index.remove([each]);
          left.delete(each);
        } else {
          index.put([each]);
          index.setVectors([[each.versionId, vectorOf(each)]]);
          left.set(each.name, each);
        }
      }
      const fresh = new AgentIndex();
      fresh.put([...left.values()]);
      fresh.setVectors([...left.values()].map((each) => [each.versionId, vectorOf(each)]));
      expect(searchIn(index, asked.join(" "))).toEqual(searchIn(fresh, asked.join(" ")));
    }),
  );
});

test("pages put together are the whole list, wherever they are cut", () => {
  fc.assert(
    fc.property(fc.array(agent, { maxLength: 12 }), query, fc.integer({ min: 1, max: 3 }), (agents, asked, limit) => {
      const index = new AgentIndex();
      index.put(agents);
      const text = asked.join(" ");
      const whole = index.search({ text, filter: {}, limit: 100 }).hits;
      const paged: typeof whole = [];
      for (;;) {
        const { hits } = index.search({ text, filter: {}, after: paged.at(-1), limit });
        if (hits.length === 0) break;
        paged.push(...hits);
      }
      expect(paged).toEqual(whole);
    }),
  );
});

test("what executions say is known of agents that come after it, and filtered by", () => {
  const index = new AgentIndex();
  const base = { description: "parse", capabilities: ["text.parse"], kind: "js", royalty: 5n };
  index.setRecords([["v1", { price: 20n, durationMs: 100, reputation: 0.8 }]]);
  index.put([
    { ...base, name: "proven", versionId: "v1" },
    { ...base, name: "new", versionId: "v2" },
  ]);
  const names = (filter: object) => index.search({ text: "parse", filter, limit: 9 }).hits.map(({ name }) => name);
  expect(names({}).toSorted()).toEqual(["new", "proven"]);
  expect(names({ minReputation: 0.8 })).toEqual(["proven"]);
  expect(names({ maxDurationMs: 100 })).toEqual(["proven"]);
  expect(names({ maxDurationMs: 99 })).toEqual([]);
  // The new one asks for its royalty at least.
  expect(names({ maxPrice: 19n })).toEqual(["new"]);
  expect(names({ maxPrice: 4n })).toEqual([]);
  expect(index.search({ text: "parse", filter: {}, limit: 9 }).hits.find(({ name }) => name === "new")?.record).toBe(
    noRecord,
  );
});

test("vectors of another length are given back, and leave the others as they are", () => {
  const index = new AgentIndex();
  const base = { description: "parse", capabilities: ["text.parse"], kind: "js", royalty: 5n };
  index.put([
    { ...base, name: "one", versionId: "v1" },
    { ...base, name: "two", versionId: "v2" },
  ]);
  expect(
    index.setVectors([
      ["v1", [1, 0]],
      ["v2", [1, 0, 0]],
      ["v3", [1]],
    ]),
  ).toEqual(["v2"]);
  expect(index.search({ text: "nothing", filter: {}, vector: [1, 0], limit: 9 }).hits).toMatchObject([
    { name: "one", meaning: 1 },
  ]);
  expect(index.search({ text: "nothing", filter: {}, vector: [1, 0, 0], limit: 9 })).toMatchObject({
    hits: [],
    byMeaning: false,
  });
});

test("an agent's whole name finds it first, one that says a word twice too", () => {
  const index = new AgentIndex();
  const base = { description: "wasm crypto wasm crypto", capabilities: ["wasm.crypto"], kind: "js", royalty: 5n };
  const names = ["wasm-crypto", "wasm-crypto-wasm", "crypto", "wasm"];
  index.put(names.map((name) => ({ ...base, name, versionId: name })));
  for (const name of names) expect(index.search({ text: name, filter: {}, limit: 1 }).hits[0]?.name).toBe(name);
});
