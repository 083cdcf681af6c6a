import { join } from "node:path";
import { parseTransaction, type TransactionSerializedEIP1559 } from "viem";
import { expect, it } from "vitest";
import { awaitTransaction, createSender, fileJournal, localAccount, type SenderOptions } from "@stoa/chain";
import type { Hash } from "@stoa/protocol";
import { callAnvil } from "@stoa/testkit";
import { type QuietChain, startQuietChain } from "./sender-setup.ts";

const GWEI = 1_000_000_000n;

async function setup(options: SenderOptions = {}) {
  const world = await startQuietChain();
  const journal = fileJournal(join(world.folder, "sent.json"));
  const sender = createSender(world.chain, world.account, { journal, ...options });
  const pay = (to: Hash, occasion?: string) =>
    sender.send({ doing: "paying", to, data: "0x", value: 1n, ...(occasion === undefined ? {} : { occasion }) });
  return { world, journal, sender, pay };
}

/** Waits for what was sent while blocks come. */
async function settled(world: QuietChain, waiting: Promise<unknown>): Promise<void> {
  let isOver = false;
  const over = waiting.finally(() => (isOver = true));
  over.catch(() => undefined);
  while (!isOver) {
    await world.mine();
    await Promise.race([over.catch(() => undefined), new Promise((resolve) => setTimeout(resolve, 30))]);
  }
  await over;
}

/** The same key in another wallet, which keeps no journal of ours. */
async function otherWallet({ chain, account }: QuietChain, to: Hash, nonce: number, gwei = 100n): Promise<Hash> {
  return chain.client.sendRawTransaction({
    serializedTransaction: await account.signTransaction({
      type: "eip1559",
      chainId: chain.chainId,
      nonce,
      to,
      value: 1n,
      gas: 21_000n,
      maxFeePerGas: gwei * GWEI,
      maxPriorityFeePerGas: 2n * GWEI,
    }),
  });
}

it("replaces a transaction that fees have left behind, under the same nonce, and its effect happens once", async () => {
  const { world, journal, sender, pay } = await setup({ stuckAfterMs: 50 });
  const to = world.freshAddress();
  const first = await pay(to);
  // The base fee jumps over what was offered.
  await callAnvil(world.anvil, "anvil_setNextBlockBaseFeePerGas", [`0x${(40n * GWEI).toString(16)}`]);
  await world.mine();
  expect(await world.balanceOf(to)).toBe(0n);
  const waiting = sender.wait(first, { pollMs: 20 });
  await settled(world, waiting);
  const { transactionHash } = await waiting;
  expect(transactionHash).not.toBe(first);
  await world.mine(3);
  expect(await world.balanceOf(to)).toBe(1n);
  expect(await journal.listOpen()).toEqual([]);
  expect(await world.chain.client.getTransactionCount({ address: sender.address })).toBe(1);
});

it("never offers more than its bound, and says that it may not", async () => {
  const { world, journal, sender, pay } = await setup({ stuckAfterMs: 1, maxFeePerGas: 3n * GWEI });
  await pay(world.freshAddress());
  const told: string[] = [];
  const stopping = new AbortController();
  const tending = sender.tend({
    signal: stopping.signal,
    everyMs: 10,
    onTrouble({ message }) {
      told.push(message);
      stopping.abort();
    },
  });
  await tending;
  expect(told[0]).toContain("no more may be offered");
  const [intent] = await journal.listOpen();
  for (const { raw } of intent?.transactions ?? []) {
    expect(parseTransaction(raw as TransactionSerializedEIP1559).maxFeePerGas).toBeLessThanOrEqual(3n * GWEI);
  }
});

it("keeps many transactions in flight, and all come into blocks in the order they were asked for", async () => {
  const { world, sender, pay } = await setup();
  const to = world.freshAddress();
  const hashes = await Promise.all(Array.from({ length: 25 }, () => pay(to)));
  expect(await world.balanceOf(to)).toBe(0n);
  await world.mine();
  const receipts = await Promise.all(hashes.map((hash) => sender.wait(hash)));
  expect(receipts.map(({ transactionIndex }) => transactionIndex)).toEqual(Array.from({ length: 25 }, (_, at) => at));
  expect(await world.balanceOf(to)).toBe(25n);
});

it("makes the same request on the same occasion once, however often it is asked and however the chain has moved on", async () => {
  const { world, sender, pay } = await setup();
  const to = world.freshAddress();
  const [first, second] = await Promise.all([pay(to, "invoice 7"), pay(to, "invoice 7")]);
  expect(second).toBe(first);
  await settled(world, sender.wait(first));
  expect(await pay(to, "invoice 7")).toBe(first);
  const other = await pay(to, "invoice 8");
  await settled(world, sender.wait(other));
  expect(await world.balanceOf(to)).toBe(2n);
});

it("finds out that another wallet with its key used its nonce, waits until that is final, and goes on under the next", async () => {
  const { world, journal, sender, pay } = await setup({ confirmations: 3 });
  const [ours, theirs] = [world.freshAddress(), world.freshAddress()];
  const first = await pay(ours);
  await callAnvil(world.anvil, "anvil_dropTransaction", [first]);
  await otherWallet(world, theirs, 0);
  await world.mine();
  const waiting = sender.wait(first, { pollMs: 10 });
  // One block on theirs: a reorg could still make room for ours.
  await world.mine();
  await sender.inFlight();
  expect((await journal.listOpen())[0]?.transactions).toHaveLength(1);
  await settled(world, waiting);
  expect(await waiting).toMatchObject({ status: "success" });
  expect([await world.balanceOf(ours), await world.balanceOf(theirs)]).toEqual([1n, 1n]);
  expect(await world.chain.client.getTransactionCount({ address: sender.address })).toBe(2);
});

it("knows its own payment again when another wallet raised its fees", async () => {
  const { world, sender, pay } = await setup();
  const to = world.freshAddress();
  const first = await pay(to, "the bill");
  const raised = await otherWallet(world, to, 0);
  const waiting = sender.wait(first);
  await settled(world, waiting);
  expect((await waiting).transactionHash).toBe(raised);
  // Whoever asks again is told of that one, and can wait for it.
  expect(await pay(to, "the bill")).toBe(raised);
  expect((await sender.wait(raised)).transactionHash).toBe(raised);
  await world.mine(3);
  expect(await world.balanceOf(to)).toBe(1n);
});

it("fills the nonce that another wallet's dropped transaction leaves empty", async () => {
  const { world, sender, pay } = await setup({ stuckAfterMs: 50 });
  const [ours, theirs] = [world.freshAddress(), world.freshAddress()];
  const dropped = await otherWallet(world, theirs, 0);
  const sent = await pay(ours);
  await callAnvil(world.anvil, "anvil_dropTransaction", [dropped]);
  await settled(world, sender.wait(sent, { pollMs: 20 }));
  expect([await world.balanceOf(ours), await world.balanceOf(theirs)]).toEqual([1n, 0n]);
  expect(await world.chain.client.getTransactionCount({ address: sender.address })).toBe(2);
});

it("sends what the pool dropped again unchanged", async () => {
  const { world, sender, pay } = await setup();
  const to = world.freshAddress();
  const first = await pay(to);
  await callAnvil(world.anvil, "anvil_dropTransaction", [first]);
  await world.mine();
  expect(await world.balanceOf(to)).toBe(0n);
  const waiting = sender.wait(first);
  await settled(world, waiting);
  expect((await waiting).transactionHash).toBe(first);
  expect(await world.balanceOf(to)).toBe(1n);
});

it("sends what a reorg took out of its block again, until it is final", async () => {
  const { world, journal, sender, pay } = await setup({ confirmations: 4 });
  const to = world.freshAddress();
  const first = await pay(to);
  await world.mine();
  await sender.wait(first);
  await world.mine();
  await callAnvil(world.anvil, "anvil_reorg", [2, []]);
  expect(await world.balanceOf(to)).toBe(0n);
  const stopping = new AbortController();
  const tending = sender.tend({ signal: stopping.signal, everyMs: 10 });
  await settled(
    world,
    untilNothingIsOpen(journal).finally(() => stopping.abort()),
  );
  await tending;
  expect(await world.balanceOf(to)).toBe(1n);
  expect((await awaitTransaction(world.chain, first)).status).toBe("success");
});

async function untilNothingIsOpen(journal: { listOpen(): Promise<unknown[]> }): Promise<void> {
  const end = performance.now() + 20_000;
  while ((await journal.listOpen()).length > 0) {
    if (performance.now() > end) throw new Error("something is still open");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

it("takes an insufficient wallet's refusal for what it is: nothing is left in flight", async () => {
  const { world, journal, sender } = await setup();
  const to = world.freshAddress();
  const refused = sender.send({ doing: "paying too much", to, data: "0x", value: 10n ** 30n });
  await expect(refused).rejects.toMatchObject({ code: "chain_rejected" });
  expect(await journal.listOpen()).toEqual([]);
});

it("tells what is in flight by its subjects until it is final", async () => {
  const { world, sender } = await setup({ confirmations: 2 });
  const to = world.freshAddress();
  const txHash = await sender.send({ doing: "paying", to, data: "0x", value: 1n, subjects: ["invoice 7"] });
  expect(await sender.inFlight()).toEqual(new Map([["invoice 7", txHash]]));
  await world.mine();
  await sender.wait(txHash);
  expect((await sender.inFlight()).size).toBe(1);
  await world.mine(2);
  await sender.wait(txHash);
  expect((await sender.inFlight()).size).toBe(0);
});

it("two processes without a common journal reach the chain with all they send, under whatever nonces are left", async () => {
  const world = await startQuietChain();
  const account = localAccount(8);
  const senders = [createSender(world.chain, account), createSender(world.chain, account)] as const;
  const to = world.freshAddress();
  await Promise.all(
    Array.from({ length: 12 }, async (_, at) => {
      const sender = senders[at % 2 === 0 ? 0 : 1];
      const sent = await sender.send({ doing: `payment ${at}`, to, data: "0x", value: BigInt(at + 1) });
      await settled(world, sender.wait(sent, { pollMs: 20 }));
    }),
  );
  expect(await world.balanceOf(to)).toBe(78n);
});
