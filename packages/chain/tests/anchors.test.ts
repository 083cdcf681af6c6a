import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  anchoredHead,
  anchorRounds,
  awaitTransaction,
  connectChain,
  createSender,
  deployMarket,
  localAccount,
  roundAnchorsAbi,
  startAnvil,
} from "@stoa/chain";
import { type Hash, hashJson, ROUND_ANCHORS_ADDRESS, roundAnchorsReads, segmentHash } from "@stoa/protocol";
import { callAnvil, type MarketChain, startMarketChain } from "@stoa/testkit";
import { getContractAddress, toEventSignature, toFunctionSignature } from "viem";
import { afterAll, beforeAll, expect, it } from "vitest";
import { roundAnchorsBytecode } from "../src/generated/round-anchors.ts";

const FIRST = `0x${"00".repeat(32)}` as const;
const SEGMENT = "text.summarize";
const head = (n: number) => hashJson(`head ${n}`);

let market: MarketChain;
beforeAll(async () => {
  market = await startMarketChain();
});
afterAll(() => market[Symbol.asyncDispose]());

const anchored = () =>
  anchoredHead(market.chain, market.market.anchors, { operator: market.operator.address, ...segment() });
const segment = () => ({ vault: market.market.vault, segment: SEGMENT });

async function anchor(position: number, previous: `0x${string}`, next: `0x${string}`) {
  const txHash = await anchorRounds(market.sender, market.market.anchors, [
    { ...segment(), position, previous, head: next },
  ]);
  return awaitTransaction(market.chain, txHash);
}

it("stands where its code puts it, with what a verifier reads of it", () => {
  const from = "0x4e59b44847b379578588920cA78FbF26c0B4956C";
  expect(getContractAddress({ opcode: "CREATE2", from, salt: FIRST, bytecode: roundAnchorsBytecode })).toBe(
    ROUND_ANCHORS_ADDRESS,
  );
  expect(market.market.anchors).toBe(ROUND_ANCHORS_ADDRESS);
  const [event, read] = roundAnchorsReads;
  const isNamed = (name: string) => (item: object) => "name" in item && item.name === name;
  const own = {
    event: roundAnchorsAbi.find(isNamed("RoundsAnchored")) as typeof event,
    read: roundAnchorsAbi.find(isNamed("headOf")) as typeof read,
  };
  expect(toEventSignature(event)).toBe(toEventSignature(own.event));
  expect(event.inputs).toMatchObject(
    own.event.inputs.map((input) => ({
      name: input.name,
      ...("indexed" in input && input.indexed && { indexed: true }),
    })),
  );
  expect(toFunctionSignature(read)).toBe(toFunctionSignature(own.read));
});

it("anchors a segment's head, and tells which transaction did", async () => {
  expect(await anchored()).toBeNull();
  const first = await anchor(2, FIRST, head(2));
  const second = await anchor(5, head(2), head(5));
  expect(await anchored()).toEqual({
    head: head(5),
    position: 5,
    previous: head(2),
    previousBlock: Number(first.blockNumber),
    blockNumber: Number(second.blockNumber),
    txHash: second.transactionHash,
  });
});

it("is refused in words when the chain has another head", async () => {
  await expect(anchor(6, head(2), head(6))).rejects.toMatchObject({
    code: "chain_rejected",
    message: expect.stringContaining(`NotTheHead(${segmentHash(segment())}, ${head(2)}, ${head(5)})`),
  });
});

it("tells two anchors of one block apart", async () => {
  await callAnvil(market.anvil, "evm_setAutomine", [false]);
  const sent: Hash[] = [];
  for (const [position, from] of [
    [6, 5],
    [7, 6],
  ] as const) {
    const anchors = [{ ...segment(), position, previous: head(from), head: head(position) }];
    sent.push(await anchorRounds(market.sender, market.market.anchors, anchors));
  }
  await callAnvil(market.anvil, "evm_mine");
  await callAnvil(market.anvil, "evm_setAutomine", [true]);
  const last = await awaitTransaction(market.chain, sent[1]!);
  expect(await anchored()).toMatchObject({ position: 7, txHash: sent[1], previousBlock: Number(last.blockNumber) });
});

/** A data folder from before rounds were anchored: a chain without the contract, and a book that does not name it. */
async function oldMarket(folder: string) {
  const stateFile = join(folder, "state.json");
  const bookFile = join(folder, "book.json");
  await using anvil = await startAnvil({ stateFile, blockTimeSeconds: 0.2 });
  const sender = createSender(await connectChain({ rpcUrl: anvil.rpcUrl }), market.operator);
  const book = await deployMarket({ sender, parameters: market.parameters, bookFile });
  await callAnvil(anvil, "anvil_setCode", [ROUND_ANCHORS_ADDRESS, "0x"]);
  await callAnvil(anvil, "anvil_setNonce", [ROUND_ANCHORS_ADDRESS, "0x0"]);
  const file = JSON.parse(await readFile(bookFile, "utf8")) as { contracts: Record<string, unknown> };
  delete file.contracts["anchors"];
  await writeFile(bookFile, JSON.stringify(file));
  return { stateFile, bookFile, book };
}

it("is added to a market that was deployed before rounds were anchored, however many add it at once", async () => {
  const folder = await mkdtemp(join(tmpdir(), "stoa-anchors-"));
  try {
    const { stateFile, bookFile, book } = await oldMarket(folder);
    await using anvil = await startAnvil({ stateFile, blockTimeSeconds: 0.2 });
    const chain = await connectChain({ rpcUrl: anvil.rpcUrl });
    expect(await chain.client.getCode({ address: ROUND_ANCHORS_ADDRESS })).toBeUndefined();
    const { parameters, operator } = market;
    await copyFile(bookFile, `${bookFile}.other`);
    const deployed = await Promise.all([
      deployMarket({ sender: createSender(chain, operator), parameters, bookFile }),
      deployMarket({ sender: createSender(chain, localAccount(4)), parameters, bookFile: `${bookFile}.other` }),
    ]);
    expect(deployed).toEqual([book, book]);
    expect(await chain.client.getCode({ address: ROUND_ANCHORS_ADDRESS })).toBeDefined();
    expect(JSON.parse(await readFile(bookFile, "utf8"))).toMatchObject({
      contracts: { anchors: { address: ROUND_ANCHORS_ADDRESS } },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
