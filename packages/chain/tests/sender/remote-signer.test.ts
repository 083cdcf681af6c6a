import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type Hex, hexToBigInt, hexToNumber } from "viem";
import type { LocalAccount } from "viem/accounts";
import { expect, it, onTestFinished } from "vitest";
import { createSender, localAccount, remoteSigner } from "@stoa/chain";
import { startQuietChain } from "./sender-setup.ts";

type Wire = Record<
  "to" | "data" | "value" | "gas" | "nonce" | "maxFeePerGas" | "maxPriorityFeePerGas" | "chainId",
  Hex
>;

interface Tricks {
  /** How it answers: web3signer the bytes, clef an object that has them. */
  answer?: "bytes" | "object";
  /** What it signs instead. */
  change?: Partial<Wire>;
  says?: string;
}

/** A signer as others run them: a process' JSON-RPC over a socket, here with a key of the test's. */
async function startSigner(account: LocalAccount, { answer = "bytes", change = {}, says }: Tricks = {}) {
  const methods: string[] = [];
  const sign = ({ to, data, value, gas, nonce, maxFeePerGas, maxPriorityFeePerGas, chainId }: Wire) =>
    account.signTransaction({
      type: "eip1559",
      to,
      data,
      value: hexToBigInt(value),
      gas: hexToBigInt(gas),
      nonce: hexToNumber(nonce),
      maxFeePerGas: hexToBigInt(maxFeePerGas),
      maxPriorityFeePerGas: hexToBigInt(maxPriorityFeePerGas),
      chainId: hexToNumber(chainId),
    });
  const server = createServer((request, response) => {
    void (async () => {
      const { id, method, params } = JSON.parse(await text(request)) as { id: number; method: string; params: [Wire] };
      methods.push(method);
      const raw = await sign({ ...params[0], ...change });
      const result = answer === "bytes" ? raw : { raw, tx: {} };
      const body = says === undefined ? { result } : { error: { code: -32_000, message: says } };
      response.setHeader("content-type", "application/json").end(JSON.stringify({ jsonrpc: "2.0", id, ...body }));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, methods };
}

it.for([
  { method: "eth_signTransaction", answer: "bytes" },
  { method: "account_signTransaction", answer: "object" },
] as const)("sends with a key that only an external signer has, by $method", async ({ method, answer }) => {
  const world = await startQuietChain();
  const { url, methods } = await startSigner(world.account, { answer });
  const sender = createSender(world.chain, remoteSigner({ url, address: world.account.address, method }));
  const to = world.freshAddress();
  const sent = await sender.send({ doing: "paying", to, data: "0x", value: 1n });
  await world.mine();
  await sender.wait(sent);
  expect(await world.balanceOf(to)).toBe(1n);
  expect(methods).toEqual([method]);
});

it.for([
  ["another receiver", { to: localAccount(9).address }],
  ["another amount", { value: "0x2" }],
  ["other data", { data: "0x01" }],
  ["another nonce", { nonce: "0x5" }],
  ["another chain", { chainId: "0x1" }],
  ["higher fees", { maxPriorityFeePerGas: "0x1" }],
] as const)("sends nothing when the signer signs %s", async ([, change]) => {
  const world = await startQuietChain();
  const { url } = await startSigner(world.account, { change });
  const sender = createSender(world.chain, remoteSigner({ url, address: world.account.address }));
  const paying = sender.send({ doing: "paying", to: world.freshAddress(), data: "0x", value: 1n });
  await expect(paying).rejects.toMatchObject({ code: "signer_refused", message: expect.stringContaining("asked for") });
  await world.mine();
  expect(await world.chain.client.getTransactionCount({ address: world.account.address })).toBe(0);
});

it("sends nothing that another key signed, or when the signer says no or is away", async () => {
  const world = await startQuietChain();
  const { address } = world.account;
  const pay = (url: string) =>
    createSender(world.chain, remoteSigner({ url, address })).send({
      doing: "paying",
      to: world.freshAddress(),
      data: "0x",
      value: 1n,
    });
  const other = await startSigner(localAccount(3));
  await expect(pay(other.url)).rejects.toMatchObject({ code: "signer_refused" });
  const no = await startSigner(world.account, { says: "request denied" });
  await expect(pay(no.url)).rejects.toMatchObject({
    code: "signer_refused",
    message: expect.stringContaining("denied"),
  });
  await expect(pay("http://127.0.0.1:1")).rejects.toMatchObject({ code: "signer_unavailable" });
  await world.mine();
  expect(await world.chain.client.getTransactionCount({ address })).toBe(0);
});
