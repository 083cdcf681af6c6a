import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Omission, SignedReceipt } from "@stoa/core";
import { decodeTyped, hashJson, type PublishedRound } from "@stoa/protocol";
import { findRecord, openDatabase } from "@stoa/store";
import { createMarketFixture } from "@stoa/testkit";
import { pino } from "pino";
import { expect, it } from "vitest";
import { createMarketApi } from "../src/market-api.ts";
import { openReceipts } from "../src/rounds/receipts.ts";
import { until } from "./market.ts";

/** A round of a real market, published over HTTP as the test wants it, and the receipt its node got. */
async function setup() {
  const stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "stoa-receipts-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const database = stack.adopt(await openDatabase({}), (opened) => opened.close());
  const fixture = await createMarketFixture({ database });
  stack.defer(() => fixture.market.stop());
  await fixture.submit(await fixture.requester(1_000_000n));
  const node = await fixture.node();
  const roundId = await fixture.round([[node, 20_000n]]);
  const { record } = (await findRecord(database, roundId))!;
  const { sheet, receipt: signature } = record.body.nodes[0]!.sheet!;
  const { answersRoot } = sheet;
  const signed: SignedReceipt = { receipt: { roundId, node: sheet.node, answersRoot }, signature };

  const published = { asked: 0, record: record as PublishedRound["record"] | null };
  const server = createServer((_request, response) => {
    published.asked += 1;
    response.statusCode = published.record ? 200 : 409;
    response.end(JSON.stringify({ record: published.record }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stack.defer(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  const aborter = new AbortController();
  stack.defer(() => aborter.abort());
  const path = join(folder, "receipts.jsonl");
  const { domain } = fixture.terms;
  return {
    roundId,
    record,
    signed,
    published,
    open: () =>
      openReceipts({
        path,
        terms: { domain, operator: fixture.operator.address },
        api: createMarketApi(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, aborter.signal),
        log: pino({ level: "silent" }),
        pace: 0.01,
      }),
    entries: async () =>
      (await readFile(path, "utf8"))
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as { checked?: string; omission?: Omission }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

it("a node keeps its receipts, and finds its answers in the published record", async () => {
  await using room = await setup();
  await using receipts = await room.open();
  await receipts.keep(room.signed);
  receipts.closed(room.roundId);
  await until("the record to be checked", async () => (await room.entries()).some(({ checked }) => checked));
  expect(await room.entries()).toEqual([room.signed, { checked: room.roundId }]);
});

it("a record without the node's receipted answers is kept as proof against the market, once, over restarts", async () => {
  await using room = await setup();
  room.published.record = null;
  {
    await using receipts = await room.open();
    await receipts.keep(room.signed);
    // Killed before the round closed: the next start looks at it.
  }
  const altered = structuredClone(room.record);
  altered.body.nodes[0]!.sheet = null;
  room.published.record = altered;
  {
    await using receipts = await room.open();
    receipts.closed(hashJson("a round it was not in"));
    await until("the omission", async () => (await room.entries()).some(({ checked }) => checked));
  }
  const { asked } = room.published;
  await using again = await room.open();
  await again.keep(room.signed);
  const [first, ...rest] = await room.entries();
  expect(first).toMatchObject({
    omission: { roundId: room.roundId, receipted: room.signed.receipt.answersRoot, recorded: null },
  });
  expect(rest).toEqual([room.signed, { checked: room.roundId }]);
  expect(room.published.asked).toBe(asked);
});

it("a receipt that the operator did not sign is not kept", async () => {
  await using room = await setup();
  await using receipts = await room.open();
  const { receipt, signature } = room.signed;
  await receipts.keep({ receipt: { ...receipt, answersRoot: hashJson("others") }, signature });
  expect(await room.entries()).toEqual([]);
  const sheet = room.record.body.nodes[0]!.sheet!.sheet;
  expect(decodeTyped("BidSheet", sheet).answersRoot).toBe(receipt.answersRoot);
});
