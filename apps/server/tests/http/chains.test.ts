import { FIRST_PREVIOUS_HASH, type Hash, hashJson, type RoundId } from "@stoa/protocol";
import { listUnanchored } from "@stoa/store";
import { databaseKinds, type TestDatabase } from "@stoa/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HttpFixture, startHttp } from "./http-fixture.ts";

interface Link {
  roundId: RoundId;
  outcomeHash: Hash;
  previousHash: Hash;
  supplements: Hash[];
}

describe.each(databaseKinds.filter(({ name }) => name !== "PGlite in a folder"))(
  "a chain of rounds on $name",
  (kind) => {
    let opened: TestDatabase;
    let http: HttpFixture;
    /** The rounds of the capability, the oldest first. */
    const rounds: RoundId[] = [];

    beforeAll(async () => {
      opened = await kind.start();
      http = await startHttp(opened.database);
      const { market } = http;
      const requester = await market.requester(1_000_000n);
      const nodes = [await market.node({ slots: 9 }), await market.node({ slots: 9 })] as const;
      for (let at = 0; at < 5; at += 1) {
        const taskId = await market.submit(requester);
        rounds.push(await market.round(nodes.map((node, index) => [node, 20_000n + BigInt(index) * 1_000n])));
        if (at === 2) await market.fault(taskId, "not_started");
        market.advance(1_000);
      }
      // One that is open has no place in the chain yet.
      await market.submit(requester);
      await market.openRound(nodes);
    });
    afterAll(async () => {
      await http[Symbol.asyncDispose]();
      await opened[Symbol.asyncDispose]();
    });

    const chain = async (query = "") =>
      (await http.call("GET", `auctions/chains/${http.market.capability}${query}`)).body as {
        items: Link[];
        nextCursor: string | null;
      };

    test("is listed from its newest closed round back to its first, each after the one it names, with its re-awards", async () => {
      const { items, nextCursor } = await chain();
      expect(items.map(({ roundId }) => roundId)).toEqual(rounds.toReversed());
      expect(items.map(({ previousHash }) => previousHash)).toEqual([
        ...items.slice(1).map(({ outcomeHash }) => outcomeHash),
        FIRST_PREVIOUS_HASH,
      ]);
      expect(items.map(({ supplements }) => supplements.length)).toEqual([0, 0, 1, 0, 0]);
      expect(nextCursor).toBeNull();
      expect(await http.call("GET", "auctions/chains/text.unheard")).toMatchObject({
        status: 200,
        body: { items: [] },
      });
      expect(await http.call("GET", "auctions/chains/Not%20one")).toMatchObject({ status: 400 });
    });

    test("is read in pages, and from any of its rounds", async () => {
      const { items } = await chain();
      const first = await chain("?limit=2");
      expect(first.items).toEqual(items.slice(0, 2));
      const second = await chain(`?limit=2&cursor=${first.nextCursor}`);
      expect(second.items).toEqual(items.slice(2, 4));
      expect((await chain(`?limit=2&cursor=${second.nextCursor}`)).items).toEqual(items.slice(4));
      expect((await chain(`?from=${items[3]!.outcomeHash}`)).items).toEqual(items.slice(3));
      expect((await chain(`?from=${hashJson("none of its rounds")}`)).items).toEqual([]);
    });

    test("is anchored up to a head, which every round before it lies under, and no other chain's", async () => {
      const { market } = http.market;
      const { capability } = http.market;
      const anchorOf = async (roundId: RoundId) =>
        (await http.call("GET", `auctions/rounds/${roundId}`)).body.anchor as unknown;
      const unanchored = async () =>
        (await listUnanchored(opened.database)).filter((row) => row.capability === capability);
      const hashes = (await chain()).items.map(({ outcomeHash }) => outcomeHash).toReversed();
      expect(await unanchored()).toEqual([
        { capability, head: hashes[4], fresh: 5n, anchoredHead: null, anchoredPosition: null },
      ]);
      const mark = (position: number) => ({
        capability,
        head: hashes[position - 1]!,
        position,
        txHash: hashJson(`transaction ${position}`),
        blockNumber: 100 + position,
      });
      await market.markAnchor(mark(2));
      await market.markAnchor({ ...mark(2), txHash: hashJson("told twice") });
      await market.markAnchor({ ...mark(4), capability: "text.unheard" });
      expect(await unanchored()).toMatchObject([{ fresh: 3n, anchoredHead: hashes[1], anchoredPosition: 2n }]);
      await market.markAnchor(mark(4));
      const [two, four] = [mark(2), mark(4)].map(({ capability: _, ...anchor }) => anchor);
      expect(await Promise.all(rounds.map(anchorOf))).toEqual([two, two, four, four, null]);
      expect(await unanchored()).toMatchObject([{ head: hashes[4], fresh: 1n, anchoredHead: hashes[3] }]);
      // The chain went back to the second: what it has lost is forgotten, and anchored anew.
      await market.dropAnchors({ capability, stands: { head: hashes[1]!, position: 2 } });
      expect(await Promise.all(rounds.map(anchorOf))).toEqual([two, two, null, null, null]);
      await market.markAnchor(mark(5));
      expect(await unanchored()).toEqual([]);
      await market.dropAnchors({ capability, stands: null });
      expect(await unanchored()).toMatchObject([{ fresh: 5n, anchoredHead: null }]);
    });
  },
);
