import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  type Anvil,
  type Chain,
  type ChainSender,
  connectChain,
  createSender,
  deployMarket,
  localAccount,
  startAnvil,
  vaultParameters,
  type VaultParameters,
} from "@stoa/chain";

let anvil: Anvil;
let chain: Chain;
let sender: ChainSender;
let folder: string;

const parameters: VaultParameters = {
  operator: localAccount(0).address,
  arbiter: localAccount(1).address,
  feeRecipient: localAccount(2).address,
  faultPool: localAccount(3).address,
  feeBps: 200,
  challengeBondBps: 1_000,
  withdrawDelay: 7_200,
  challengeWindow: 3_600,
};

beforeAll(async () => {
  anvil = await startAnvil();
  chain = await connectChain({ rpcUrl: anvil.rpcUrl });
  sender = createSender(chain, localAccount(0));
  folder = await mkdtemp(join(tmpdir(), "stoa-deploy-"));
});
afterAll(async () => {
  await anvil.stop();
  await rm(folder, { recursive: true, force: true });
});

const transactionsSent = () => chain.client.getTransactionCount({ address: sender.address });

it("deploys once, however often it is called", async () => {
  const bookFile = join(folder, "once.json");
  const market = await deployMarket({ sender, parameters, bookFile });
  expect(await vaultParameters(chain, market.vault)).toEqual(parameters);
  const before = await transactionsSent();
  expect(await deployMarket({ sender, parameters, bookFile })).toEqual(market);
  expect(await transactionsSent()).toBe(before);
});

it("resumes after a crash between any two of its writes, with the contracts already sent", async () => {
  const bookFile = join(folder, "crash.json");
  const writes: string[] = [];
  const recording: ChainSender = {
    ...sender,
    send: (request) =>
      sender.send({
        ...request,
        async onSigned(hash, nonce) {
          await request.onSigned?.(hash, nonce);
          writes.push(await readFile(bookFile, "utf8"));
        },
      }),
  };
  const market = await deployMarket({ sender: recording, parameters, bookFile });
  expect(writes).toHaveLength(3);
  const before = await transactionsSent();
  await writeFile(bookFile, writes[2] as string);
  expect(await deployMarket({ sender, parameters, bookFile })).toEqual(market);
  expect(await transactionsSent()).toBe(before);
});

it("refuses a vault that was deployed with other parameters", async () => {
  const bookFile = join(folder, "other.json");
  await deployMarket({ sender, parameters, bookFile });
  const changed = deployMarket({ sender, parameters: { ...parameters, feeBps: 300 }, bookFile });
  await expect(changed).rejects.toMatchObject({
    code: "invalid_configuration",
    message: expect.stringContaining("feeBps 200, configured is 300"),
  });
});

it("refuses a chain that has lost the vault the book names", async () => {
  const bookFile = join(folder, "lost.json");
  await deployMarket({ sender, parameters, bookFile });
  await using fresh = await startAnvil();
  const other = createSender(await connectChain({ rpcUrl: fresh.rpcUrl }), localAccount(0));
  await expect(deployMarket({ sender: other, parameters, bookFile })).rejects.toMatchObject({
    code: "invalid_configuration",
    message: expect.stringContaining("nothing there"),
  });
});

it("refuses a book that is not one", async () => {
  const bookFile = join(folder, "garbage.json");
  await writeFile(bookFile, "{ not json");
  await expect(deployMarket({ sender, parameters, bookFile })).rejects.toMatchObject({ code: "invalid_configuration" });
});

it("refuses a book whose vault holds the stakes itself", async () => {
  const bookFile = join(folder, "older.json");
  const { nodes: _nodes, ...market } = await deployMarket({ sender, parameters, bookFile });
  await writeFile(bookFile, JSON.stringify({ chainId: chain.chainId, steps: {}, market }));
  await expect(deployMarket({ sender, parameters, bookFile })).rejects.toMatchObject({
    code: "invalid_configuration",
    message: expect.stringContaining("deploy a new market"),
  });
});

it("says that the chain is away, not that something is wrong", async () => {
  await expect(connectChain({ rpcUrl: "http://127.0.0.1:1", attempts: 1 })).rejects.toMatchObject({
    code: "chain_unavailable",
  });
});

it("refuses a chain that is not the expected one", async () => {
  await expect(connectChain({ rpcUrl: anvil.rpcUrl, expectedChainId: 8453 })).rejects.toMatchObject({
    code: "invalid_configuration",
  });
});
