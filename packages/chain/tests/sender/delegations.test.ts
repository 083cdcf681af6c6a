import { join } from "node:path";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { expect, it } from "vitest";
import { createSender, delegateOf, fileJournal, remoteSigner } from "@stoa/chain";
import { callAnvil } from "@stoa/testkit";
import { startQuietChain } from "./sender-setup.ts";

const GWEI = 1_000_000_000n;

async function delegation() {
  const world = await startQuietChain();
  const wallet = privateKeyToAccount(generatePrivateKey());
  const delegate = world.freshAddress();
  const { chainId } = world.chain;
  const authorization = await wallet.signAuthorization({ address: delegate, chainId, nonce: 0 });
  return { world, wallet, delegate, authorization };
}

it("replaces a transaction that brings a wallet's delegation by one that brings it too", async () => {
  const { world, wallet, delegate, authorization } = await delegation();
  const journal = fileJournal(join(world.folder, "sent.json"));
  const sender = createSender(world.chain, world.account, { journal, stuckAfterMs: 1 });
  const to = world.freshAddress();
  const first = await sender.send({ doing: "delegating", to, data: "0x", value: 1n, authorizations: [authorization] });
  await callAnvil(world.anvil, "anvil_setNextBlockBaseFeePerGas", [`0x${(40n * GWEI).toString(16)}`]);
  await world.mine();
  expect(await world.chain.client.getCode({ address: wallet.address })).toBeUndefined();
  const deadline = performance.now() + 10_000;
  while ((await journal.listOpen())[0]?.transactions.length === 1 && performance.now() < deadline) {
    await sender.inFlight();
  }
  await world.mine();
  const { transactionHash } = await sender.wait(first);
  expect(transactionHash).not.toBe(first);
  expect(delegateOf(await world.chain.client.getCode({ address: wallet.address }))).toBe(delegate);
  expect(await world.balanceOf(to)).toBe(1n);
});

it("says that a remote signer signs no delegations, before anything is written down", async () => {
  const { world, authorization } = await delegation();
  const journal = fileJournal(join(world.folder, "sent.json"));
  const signer = remoteSigner({ url: "http://127.0.0.1:1", address: world.account.address });
  const sender = createSender(world.chain, signer, { journal });
  const request = {
    doing: "delegating",
    to: world.freshAddress(),
    data: "0x",
    authorizations: [authorization],
  } as const;
  await expect(sender.send(request)).rejects.toMatchObject({ code: "signer_refused" });
  expect(await journal.listOpen()).toEqual([]);
});
