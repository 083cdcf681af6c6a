import { DatabaseSync } from "node:sqlite";
import { AgentIndex } from "@stoa/search";
import type { PlannedAgent } from "@stoa/testkit";

/** Searches of the same agents by less than what a market does: what they take bounds what it can. */
export interface Limit {
  name: string;
  search(query: string): unknown;
}

/** A library's full-text index: SQLite's FTS5, with the same weights; it knows no near spellings. */
export function fullTextLibrary(agents: readonly PlannedAgent[]): Limit {
  const database = new DatabaseSync(":memory:");
  database.exec("create virtual table agents using fts5(name, capabilities, description, content = '')");
  const insert = database.prepare("insert into agents (rowid, name, capabilities, description) values (?, ?, ?, ?)");
  database.exec("begin");
  for (const [at, { name, capabilities, description }] of agents.entries())
    insert.run(at + 1, name, capabilities.join(" "), description);
  database.exec("commit");
  const select = database.prepare(
    "select rowid, bm25(agents, 4, 3, 1) as score from agents where agents match ? order by score limit 50",
  );
  return {
    name: "a library alone: SQLite's FTS5",
    search: (query) =>
      select.all(
        query
          .split(" ")
          .map((word) => `"${word}"`)
          .join(" OR "),
      ),
  };
}

/** Every text looked through for every word. */
export function plainScan(agents: readonly PlannedAgent[]): Limit {
  const texts = agents.map(({ name, capabilities, description }) =>
    `${name} ${capabilities.join(" ")} ${description}`.toLowerCase(),
  );
  return {
    name: "a plain scan of the texts",
    search(query) {
      const words = query.split(" ");
      return texts
        .map((text, at) => ({ at, found: words.filter((word) => text.includes(word)).length }))
        .filter(({ found }) => found > 0)
        .toSorted((a, b) => b.found - a.found)
        .slice(0, 50);
    },
  };
}

/** The market's index, without its thread, its database and HTTP. */
export function indexAlone(agents: readonly PlannedAgent[]): Limit {
  const index = new AgentIndex();
  index.put(
    agents.map(({ name, description, capabilities, kind = "js", royalty = 0n }) => ({
      name,
      versionId: name,
      description,
      capabilities,
      kind,
      royalty,
    })),
  );
  return { name: "the index alone", search: (text) => index.search({ text, filter: {}, limit: 51 }) };
}
