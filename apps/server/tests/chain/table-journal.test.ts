import { type ChainSender, connectChain, createSender, localAccount, startAnvil } from "@stoa/chain";
import { callAnvil, databaseKinds, type TestDatabase } from "@stoa/testkit";
import { describeJournal } from "@stoa/testkit/journal-laws";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { tableJournal } from "../../src/chain/table-journal.ts";

describe.each(databaseKinds)("a journal in a table of $name", (kind) => {
  const key = { chainId: 31_337, sender: localAccount(0).address };
  let held: TestDatabase;
  beforeAll(async () => {
    held = await kind.start();
  });
  afterAll(() => held[Symbol.asyncDispose]());
  beforeEach(() => held.database.query("delete from sent_intents"));

  describeJournal(async () => ({
    journal: tableJournal(held.database, key),
    again: async () => tableJournal(held.database, key),
  }));

  it("keeps the keys and chains apart", async () => {
    const [journal, other] = [
      tableJournal(held.database, key),
      tableJournal(held.database, { ...key, chainId: 8_453 }),
    ];
    await using anvil = await startAnvil();
    const chain = await connectChain({ rpcUrl: anvil.rpcUrl });
    await createSender(chain, localAccount(0), { journal, confirmations: 9 }).send({
      doing: "a",
      to: key.sender,
      data: "0x",
    });
    expect(await other.listOpen()).toEqual([]);
    expect(await journal.listOpen()).toHaveLength(1);
  });

  it.runIf(kind.shared)(
    "gives two processes that share a key and the table different nonces, and each request once",
    async () => {
      await using anvil = await startAnvil();
      await callAnvil(anvil, "evm_setAutomine", [false]);
      const chain = await connectChain({ rpcUrl: anvil.rpcUrl });
      const account = localAccount(4);
      const own = { ...key, sender: account.address };
      const [one, other] = [held.database, await held.another()].map((database) =>
        createSender(chain, account, { journal: tableJournal(database, own) }),
      ) as [ChainSender, ChainSender];
      const senderOf = (at: number) => (at % 2 === 0 ? one : other);
      const to = `0x${"5e".repeat(20)}` as const;
      const sent = await Promise.all(
        Array.from({ length: 24 }, (_, at) =>
          // Every request is made by both.
          senderOf(at).send({ doing: "paying", to, data: "0x", value: 1n, occasion: `bill ${at >> 1}` }),
        ),
      );
      expect(new Set(sent).size).toBe(12);
      await callAnvil(anvil, "anvil_mine", ["0x2"]);
      await Promise.all(sent.map((hash, at) => senderOf(at).wait(hash)));
      expect(await chain.client.getBalance({ address: to })).toBe(12n);
      expect(await chain.client.getTransactionCount({ address: account.address })).toBe(12);
    },
  );
});
