import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, it, onTestFinished } from "vitest";
import {
  type Chain,
  connectChain,
  createSender,
  deposit,
  localAccount,
  submitSettlements,
  vaultBalance,
} from "@stoa/chain";
import type { Hash } from "@stoa/protocol";
import { type MarketChain, signEvidence, startMarketChain } from "@stoa/testkit";

const DOLLAR = 1_000_000n;
/** What the wire between us and the chain does to `eth_sendRawTransaction`. */
type Fault = "none" | "lose request" | "lose answer";

/** A wire to the chain that can lose what is sent over it. */
async function faultyWire(rpcUrl: string): Promise<{ chain: Chain; setFault(fault: Fault): void }> {
  let fault: Fault = "none";
  const relay = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await text(request);
    const hit = body.includes("eth_sendRawTransaction") ? fault : "none";
    if (hit === "lose request") return void request.socket.destroy();
    const answer = await fetch(rpcUrl, { method: "POST", headers: { "content-type": "application/json" }, body });
    const answered = await answer.text();
    if (hit === "lose answer") return void request.socket.destroy();
    response.setHeader("content-type", "application/json").end(answered);
  };
  const server = createServer((request, response) => void relay(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  const chain = await connectChain({ rpcUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  return { chain, setFault: (next) => (fault = next) };
}

async function setup() {
  const world = await startMarketChain();
  onTestFinished(() => world[Symbol.asyncDispose]());
  const { vault, token } = world.market;
  const [requester, node] = [await world.fundedAccount(100n), localAccount(7)];
  await deposit(requester.sender, { vault, token, amount: 100n * DOLLAR });
  const { domain, operator, parameters } = world;
  const evidence = await signEvidence({
    domain,
    operator,
    requester: requester.account,
    node,
    token,
    feeBps: parameters.feeBps,
    price: 10n * DOLLAR,
  });
  return { world, evidence, paid: () => paidTo(world, node.address) };
}

async function paidTo({ chain, market }: MarketChain, owner: `0x${string}`): Promise<bigint> {
  return (await vaultBalance(chain, market.vault, owner, market.token)).available;
}

it("a settlement whose answer is lost on the wire is found on the chain, and paid once", async () => {
  const { world, evidence, paid } = await setup();
  const { chain, setFault } = await faultyWire(world.anvil.rpcUrl);
  setFault("lose answer");
  const sender = createSender(chain, world.operator, { confirmations: 2 });
  const lost = submitSettlements(sender, world.market.vault, [evidence]);
  await expect(lost).resolves.toMatchObject({ submitted: [expect.anything()] });
  setFault("none");
  const { txHash } = (await lost).submitted[0]!;
  expect(await submitSettlements(sender, world.market.vault, [evidence])).toMatchObject({
    submitted: [],
    inFlight: [{ txHash }],
  });
  await sender.wait(txHash);
  expect(await paid()).toBe(10n * DOLLAR);
});

it("a settlement that never reached the chain is reported as unknown with its hash, and sent again by whoever looks", async () => {
  const { world, evidence, paid } = await setup();
  const { chain, setFault } = await faultyWire(world.anvil.rpcUrl);
  setFault("lose request");
  const sender = createSender(chain, world.operator);
  await expect(submitSettlements(sender, world.market.vault, [evidence])).rejects.toMatchObject({
    code: "chain_unavailable",
    details: { txHash: expect.stringMatching(/^0x[0-9a-f]{64}$/) },
  });
  expect(await paid()).toBe(0n);
  setFault("none");
  const again = await submitSettlements(sender, world.market.vault, [evidence]);
  expect(again).toMatchObject({ submitted: [], inFlight: [{ txHash: expect.stringMatching(/^0x/) }] });
  await sender.wait(again.inFlight[0]?.txHash as Hash);
  expect(await paid()).toBe(10n * DOLLAR);
});

it("says the contract's own reason when it would revert, and sends nothing", async () => {
  const { world } = await setup();
  const before = await world.chain.client.getTransactionCount({ address: world.operator.address });
  const refused = deposit(world.sender, { ...world.market, amount: 5n * DOLLAR, owner: `0x${"0".repeat(40)}` });
  await expect(refused).rejects.toMatchObject({ code: "chain_rejected", details: { error: "ZeroAddress" } });
  // The approval went out, the deposit did not.
  expect(await world.chain.client.getTransactionCount({ address: world.operator.address })).toBe(before + 1);
});
