import { encodeFunctionData, erc20Abi, type Hex, numberToHex } from "viem";
import { formatUserOperationRequest } from "viem/account-abstraction";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Gasless, gaslessService, quoteOperation, rpcBundler, sendOperation, type Sponsor } from "@stoa/chain";
import { vaultAbi } from "../../src/generated/vault.ts";
import { approving, DOLLAR, freshKey, type GaslessWorld, startGaslessWorld } from "./gasless-world.ts";
import { startForeignBundler } from "./start-foreign-bundler.ts";

let world: GaslessWorld;
beforeAll(async () => void (world = await startGaslessWorld()));
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => world.nextDay());

describe("what a market offers to a wallet", () => {
  const offered = () => {
    const { chain, market } = world;
    const sponsor = world.sponsorOf();
    return gaslessService({ chainId: chain.chainId, paymaster: market.paymaster, sponsor, bundler: world.direct });
  };
  const here = () => [world.market.entryPoint, numberToHex(world.chain.chainId), {}] as const;

  it("is for the wallet that asks: nobody spends another's budget", async () => {
    const { key, gasless } = await world.poorWallet(1n);
    const { vault, token } = world.market;
    const { operation } = await quoteOperation(gasless, [{ to: token, data: approving(vault) }]);
    const wire = formatUserOperationRequest(operation);
    for (const method of ["pm_getPaymasterStubData", "pm_getPaymasterData", "eth_sendUserOperation"]) {
      const asked = offered().request(freshKey().address, { method, params: [wire, ...here()] });
      await expect(asked).rejects.toMatchObject({ code: "forbidden" });
    }
    const given = offered().request(key.address, { method: "pm_getPaymasterData", params: [wire, ...here()] });
    expect(await given).toMatchObject({ paymaster: world.market.paymaster });
  });

  it("brings nothing that its own paymaster does not pay for", async () => {
    const { key, gasless } = await world.poorWallet(1n);
    const { vault, token } = world.market;
    const { operation } = await quoteOperation(gasless, [{ to: token, data: approving(vault) }]);
    const { paymaster: _, ...unpaid } = formatUserOperationRequest(operation);
    for (const wire of [unpaid, { ...unpaid, paymaster: freshKey().address }]) {
      const asked = offered().request(key.address, { method: "eth_sendUserOperation", params: [wire, ...here()] });
      await expect(asked).rejects.toMatchObject({ code: "forbidden" });
    }
  });

  it("refuses what is malformed, of another chain or EntryPoint, and methods it does not have", async () => {
    const { key, gasless } = await world.poorWallet(1n);
    const { vault, token } = world.market;
    const { operation } = await quoteOperation(gasless, [{ to: token, data: approving(vault) }]);
    const wire = formatUserOperationRequest(operation) as unknown as Record<string, unknown>;
    const [entryPoint, chainId] = here();
    for (const params of [
      undefined,
      [null, entryPoint, chainId],
      [{ ...wire, sender: "0x12" }, entryPoint, chainId],
      [{ ...wire, callGasLimit: `0x1${"0".repeat(32)}` }, entryPoint, chainId],
      [{ ...wire, callData: undefined }, entryPoint, chainId],
      [{ ...wire, eip7702Auth: { address: vault } }, entryPoint, chainId],
      [wire, vault, chainId],
      [wire, entryPoint, "0x1"],
    ]) {
      const asked = offered().request(key.address, { method: "pm_getPaymasterData", params });
      await expect(asked).rejects.toMatchObject({ code: "invalid_request" });
    }
    const unknown = offered().request(key.address, { method: "eth_accounts" });
    await expect(unknown).rejects.toMatchObject({ code: "invalid_request" });
    const shapeless = offered().request(key.address, { method: "eth_getUserOperationReceipt", params: ["0x12"] });
    await expect(shapeless).rejects.toMatchObject({ code: "invalid_request" });
  });
});

describe("the sponsor", () => {
  it("pays for the market's calls and for nothing else", async () => {
    const { gasless } = await world.poorWallet(5n);
    const { vault, token } = world.market;
    const stranger = freshKey().address;
    const transfer = encodeFunctionData({ abi: erc20Abi, functionName: "transfer", args: [stranger, 1n] });
    for (const calls of [
      [{ to: token, data: transfer }],
      [{ to: token, data: approving(stranger) }],
      [{ to: stranger, data: "0x" as Hex }],
      [{ to: token, data: approving(vault) }, { to: stranger }],
    ]) {
      const quote = await quoteOperation(gasless, calls);
      await expect(sendOperation(gasless, quote)).rejects.toMatchObject({ code: "forbidden" });
    }
  });

  it("does not pay for what would fail", async () => {
    const { key, gasless } = await world.poorWallet(0n);
    const { vault, token } = world.market;
    const good = await quoteOperation(gasless, [{ to: token, data: approving(vault) }]);
    const withdrawal = { abi: vaultAbi, functionName: "requestWithdrawal", args: [token, DOLLAR] } as const;
    const calls = [{ to: vault, data: encodeFunctionData(withdrawal) }];
    await expect(quoteOperation(gasless, calls)).rejects.toMatchObject({ code: "chain_rejected" });
    const { callData } = await encoded(gasless, calls);
    const failing = { ...good, operation: { ...good.operation, callData } };
    await expect(sendOperation(gasless, failing)).rejects.toMatchObject({ code: "chain_rejected" });
    expect(await world.chain.client.getCode({ address: key.address })).toBeUndefined();
  });

  it("refuses gas and fees that would go to whoever bundles", async () => {
    const { gasless } = await world.poorWallet(1n);
    const { vault, token } = world.market;
    const quote = await quoteOperation(gasless, [{ to: token, data: approving(vault) }]);
    for (const field of ["preVerificationGas", "maxFeePerGas", "maxPriorityFeePerGas", "callGasLimit"] as const) {
      const operation = { ...quote.operation, [field]: quote.operation[field] * 10n };
      await expect(sendOperation(gasless, { ...quote, operation })).rejects.toMatchObject({ code: "forbidden" });
    }
  });

  it("stops at an account's budget, whatever became of what it signed", async () => {
    const { vault, token } = world.market;
    const probe = await world.poorWallet(1n);
    const { highestCost } = await quoteOperation(probe.gasless, [{ to: token, data: approving(vault) }]);
    const budgets = { perAccount: (highestCost * 5n) / 2n, perDay: highestCost * 100n };
    const { sender } = await world.poorWallet(1n, { sponsor: world.sponsorOf({ budgets }) });
    const request = { doing: "approving", to: token, data: approving(vault) };
    await sender.wait(await sender.send(request));
    await sender.wait(await sender.send(request));
    const sendTen = async () => {
      for (let i = 0; i < 10; i += 1) await sender.send(request);
    };
    await expect(sendTen()).rejects.toMatchObject({ code: "budget_exhausted" });
  });

  it("signs for one operation: whatever is changed afterwards, nobody pays for", async () => {
    const { gasless } = await world.poorWallet(1n);
    const { vault, token } = world.market;
    const sponsor = gasless.sponsor!;
    const quote = await quoteOperation(gasless, [{ to: token, data: approving(vault) }]);
    const other = await encoded(gasless, [{ to: token, data: approving(freshKey().address) }]);
    const altering: Sponsor = {
      ...sponsor,
      async sponsor(operation) {
        const fields = await sponsor.sponsor(operation);
        return { ...fields, callData: other.callData } as typeof fields;
      },
    };
    const refused = sendOperation({ ...gasless, sponsor: altering }, quote);
    await expect(refused).rejects.toMatchObject({
      code: "chain_rejected",
      message: expect.stringContaining("AA34 signature error"),
    });
  });

  it("is heard through a bundler's RPC in the bundler's own words", async () => {
    await using served = await startForeignBundler(world.anvil.rpcUrl);
    const { gasless } = await world.poorWallet(1n, { bundler: rpcBundler(served.url) });
    const { vault, token } = world.market;
    const stranger: Sponsor = world.sponsorOf({ signer: freshKey() });
    const quote = await quoteOperation(gasless, [{ to: token, data: approving(vault) }]);
    await expect(sendOperation({ ...gasless, sponsor: stranger }, quote)).rejects.toMatchObject({
      code: "chain_rejected",
      message: expect.stringContaining("AA34 signature error"),
    });
    const away = rpcBundler("http://127.0.0.1:1/key-to-it").request({ method: "eth_chainId" });
    await expect(away).rejects.toMatchObject({
      code: "chain_unavailable",
      message: expect.not.stringContaining("key-to-it"),
    });
  });
});

async function encoded({ account }: Gasless, calls: readonly { to: Hex; data?: Hex }[]) {
  return { callData: await account.encodeCalls(calls) };
}
