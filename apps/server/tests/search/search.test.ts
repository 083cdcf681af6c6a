import { agentVersionId, hashBytes, type Manifest, signTyped } from "@stoa/protocol";
import { createClient } from "@stoa/sdk";
import { databaseKinds, insertAgents, type MarketFixture, packageDescriptions, type TestDatabase } from "@stoa/testkit";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type HttpFixture, startHttp } from "../http/http-fixture.ts";

const PATIENCE = { timeout: 30_000, interval: 20 };
const described = packageDescriptions();

/** A server takes only so many searches at once. */
async function someAtOnce<Item, Result>(
  items: readonly Item[],
  work: (item: Item, at: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  const lane = async () => {
    for (const [at, item] of waiting) results[at] = await work(item, at);
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  return results;
}

/** Publishes a version of an agent as its creator would; the same creator has all of them. */
async function publish(
  { market, creator, terms, manifest }: MarketFixture,
  change: Partial<Manifest>,
): Promise<Manifest> {
  const source = Buffer.from(JSON.stringify(change));
  const published = {
    ...manifest,
    artifact: { kind: "js" as const, hash: hashBytes(source), bytes: source.length },
    ...change,
  } as Manifest;
  const publication = { versionId: agentVersionId(published), creator: creator.address };
  const signature = await signTyped(creator, terms.domain, "Publication", publication);
  await market.publishAgent({ manifest: published, publication, signature });
  return published;
}

describe.each(databaseKinds.filter(({ name }) => name !== "PGlite in a folder"))("search on $name", (kind) => {
  let opened: TestDatabase;
  let http: HttpFixture;

  beforeAll(async () => {
    opened = await kind.start();
    await insertAgents(
      opened.database,
      described.map(({ name, description, keywords }, at) => ({
        name,
        description,
        capabilities: [`npm.${(keywords[0] ?? "").toLowerCase().replaceAll(/[^a-z]/g, "") || "other"}`],
        kind: at % 2 === 0 ? ("js" as const) : ("wasm" as const),
        royalty: BigInt(at),
      })),
    );
    http = await startHttp(opened.database);
  });
  afterAll(async () => {
    await http[Symbol.asyncDispose]();
    await opened[Symbol.asyncDispose]();
  });

  const find = async (q: string, more = "") => {
    const answer = await http.call("GET", `agents/search?q=${encodeURIComponent(q)}${more}`);
    expect(answer, q).toMatchObject({ status: 200 });
    return answer;
  };
  const names = async (q: string, more = ""): Promise<string[]> =>
    (await find(q, more)).body.items.map(({ name }: { name: string }) => name);

  test("every agent that was there at the start is found by its name, first of all", async () => {
    expect(described.length).toBeGreaterThan(300);
    const firsts = await someAtOnce(described, async ({ name }) => (await names(name, "&limit=1"))[0]);
    expect(firsts).toEqual(described.map(({ name }) => name));
  });

  test("a slip in a word does not hide an agent, and the answer says what it was taken for", async () => {
    const asked = described.filter(({ name }) => /^[a-z]{6,}$/.test(name));
    expect(asked.length).toBeGreaterThan(50);
    const places = await someAtOnce(asked, async ({ name }, at) =>
      (await names(withSlip(name, at), "&limit=10")).indexOf(name),
    );
    const found = places.filter((place) => place >= 0).length;
    expect(found / asked.length).toBeGreaterThan(0.95);

    const { body } = await find("typscript");
    expect(body.items[0]).toMatchObject({
      name: "typescript",
      found: { text: [], spelling: [{ word: "typscript", as: "typescript" }], meaning: null },
    });
    expect(body.items[0].found.spelling[0].in).toContain("name");
    expect(body.meaning).toBe("none");
  });

  test("a word in the name counts more than in the capabilities, and there more than in the description", async () => {
    const fixture = http.market;
    const description = "Does what it is told, and nothing besides.";
    await publish(fixture, { name: "in-description", description: `${description} Zyzzyva.`, capabilities: ["x.y"] });
    await publish(fixture, { name: "in-capability", description, capabilities: ["x.zyzzyva"] });
    await publish(fixture, { name: "in-zyzzyva", description, capabilities: ["x.y"] });
    await vi.waitFor(async () => {
      expect(await names("zyzzyva")).toEqual(["in-zyzzyva", "in-capability", "in-description"]);
    }, PATIENCE);
    const { body } = await find("zyzzyva");
    expect(body.items.map((agent: { found: unknown }) => agent.found)).toEqual(
      ["name", "capabilities", "description"].map((field) => ({
        text: [{ word: "zyzzyva", in: [field] }],
        spelling: [],
        meaning: null,
      })),
    );
  });

  test("of an agent's versions the newest is found, when it is retired the one before, and none that is suspended", async () => {
    const fixture = http.market;
    const first = await publish(fixture, { name: "weather-vane", version: "1.0.0", description: "Tells the wind." });
    fixture.advance(1_000);
    const second = await publish(fixture, { name: "weather-vane", version: "2.0.0", description: "Tells the wind." });
    const found = async (expected: Manifest[]) =>
      vi.waitFor(async () => {
        const { body } = await find("weather-vane");
        const versions = body.items.filter(({ name }: { name: string }) => name === "weather-vane");
        expect(versions.map(({ versionId }: { versionId: string }) => versionId)).toEqual(expected.map(agentVersionId));
      }, PATIENCE);
    const retire = (manifest: Manifest) =>
      fixture.market.retireAgent({ versionId: agentVersionId(manifest), creator: fixture.creator.address });
    await found([second]);
    await retire(second);
    await found([first]);
    const overseer = { versionId: agentVersionId(first), actor: fixture.operator.address, reason: "Tells lies." };
    await fixture.market.suspendAgent(overseer);
    await found([]);
    await fixture.market.restoreAgent(overseer);
    await found([first]);
    await retire(first);
    await found([]);
  });

  test("pages follow one another without a gap or a repetition, for the client's iterator too", async () => {
    const q = "a fast parser for javascript";
    let paged: string[] = [];
    // What the tests before retired leaves the index a moment later, and moves what is behind it.
    await vi.waitFor(async () => {
      const { body: whole } = await find(q, "&limit=100");
      paged = [];
      let cursor = "";
      do {
        const { body } = await find(q, `&limit=9${cursor}`);
        paged.push(...body.items.map(({ name }: { name: string }) => name));
        cursor = body.nextCursor === null ? "" : `&cursor=${body.nextCursor}`;
      } while (cursor !== "" && paged.length < 99);
      expect(paged.slice(0, 99)).toEqual(whole.items.slice(0, 99).map(({ name }: { name: string }) => name));
    }, PATIENCE);

    const client = createClient({ url: http.url });
    const iterated: string[] = [];
    for await (const agent of client.agents.search({ q, limit: 20 })) {
      iterated.push(agent.name);
      if (iterated.length === 50) break;
    }
    expect(iterated).toEqual(paged.slice(0, 50));
  });

  test("filters by capability, category, kind and price leave what passes them, and nothing else", async () => {
    const q = "node stream promise";
    const all = (await find(q, "&limit=100")).body.items;
    expect(all.length).toBe(100);
    const left = async (filter: string) => (await find(q, `&limit=100${filter}`)).body.items;
    for (const agent of await left("&kind=wasm")) expect(agent.kind).toBe("wasm");
    const cheap = await left("&maxPrice=40");
    expect(cheap.length).toBeGreaterThan(0);
    for (const agent of cheap) expect(Number(agent.royalty)).toBeLessThanOrEqual(40);
    const [{ capabilities }] = all;
    const offering = await left(`&capability=${capabilities[0]}`);
    expect(offering.length).toBeGreaterThan(0);
    for (const agent of offering) expect(agent.capabilities).toContain(capabilities[0]);
    expect(await left("&category=npm")).toEqual(all);
    expect(await left("&category=nothing")).toEqual([]);
    expect(await left("&minReputation=0.01")).toEqual([]);
    expect(await left("&maxDurationMs=1000000")).toEqual([]);
  });

  test.each([
    ["", "missing q"],
    ["q=", "/q"],
    ["q=%20%2C.-!", "no word"],
    [`q=${"a".repeat(257)}`, "/q"],
    ["q=x&kind=llama", "/kind"],
    ["q=x&category=Text", "/category"],
    ["q=x&maxPrice=-1", "/maxPrice"],
    ["q=x&maxDurationMs=-1", "/maxDurationMs"],
    ["q=x&minReputation=2", "/minReputation"],
    ["q=x&cursor=nonsense", "cursor"],
    ["q=x&limit=101", "/limit"],
    ["q=x&sort=price", "sort"],
  ])("?%s is refused, and the answer says why", async (query, why) => {
    const { status, body } = await http.call("GET", `agents/search?${query}`);
    expect({ status, code: body.code }).toEqual({ status: 400, code: "invalid_request" });
    expect(body.detail).toContain(why);
  });

  test("words of scripts without spaces, accents and the queries of a fool are all looked up", async () => {
    await publish(http.market, { name: "honyaku", description: "日本語の文書を翻訳します。 Résumé in Ελληνικά." });
    await vi.waitFor(async () => expect(await names("翻訳")).toContain("honyaku"), PATIENCE);
    expect(await names("resume")).toContain("honyaku");
    expect(await names("ΕΛΛΗΝΙΚΑ")).toContain("honyaku");
    for (const q of ["constructor __proto__", "\ud83d\ude00 x", "' or 1=1 --", "(".repeat(99) + "a", "a ".repeat(128)])
      expect((await find(q)).status, q).toBe(200);
  });
});

/** A name with one letter left out, doubled, replaced or swapped with the next. */
function withSlip(name: string, at: number): string {
  const place = 1 + (at % (name.length - 2));
  const [before, letter, after] = [name.slice(0, place), name[place]!, name.slice(place + 1)];
  return [
    before + after,
    before + letter + letter + after,
    `${before}q${after}`,
    before + after[0]! + letter + after.slice(1),
  ][at % 4]!;
}
