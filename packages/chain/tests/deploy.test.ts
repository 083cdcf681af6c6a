import { mkdtemp, rm, writeFile } from "node:fs/promises";
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
  fileJournal,
  localAccount,
  planDeployment,
  startAnvil,
  vaultParameters,
  type VaultParameters,
} from "@stoa/chain";
import { callAnvil } from "@stoa/testkit";
import { suite } from "../src/deploy/suite/suite.ts";

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

/** A process that ends when it has signed its nth transaction, before anybody else has it or just after. */
function mortal(of: ChainSender, dies: { at: number; when: "before" | "after" }): ChainSender {
  let signed = 0;
  return {
    ...of,
    async send(request) {
      signed += 1;
      const last = signed === dies.at;
      const txHash = await of.send({
        ...request,
        async onSigned(hash, nonce) {
          await request.onSigned?.(hash, nonce);
          if (last && dies.when === "before") throw new Error("killed");
        },
      });
      if (last) throw new Error("killed");
      return txHash;
    },
  };
}

it("resumes after a crash at any of its transactions, and sends each of them once", async () => {
  await deployMarket({ sender, parameters, bookFile: join(folder, "fresh.json") });
  // All that a fresh deployment sends on a chain that has what all markets share: its contracts, and the roles.
  const own = suite.filter(({ madeBy }) => madeBy === undefined).length;
  const fresh = own + 1;
  const beforeNodes = suite.findIndex(({ name }) => name === "nodes");
  for (const when of ["before", "after"] as const) {
    for (const at of [1, 2, beforeNodes, beforeNodes + 1, own, fresh]) {
      const bookFile = join(folder, `crash-${when}-${at}.json`);
      // What each process has of the one before it is the files.
      const born = () => createSender(chain, localAccount(0), { journal: fileJournal(`${bookFile}.sent`) });
      const sentBefore = await transactionsSent();
      const crashed = deployMarket({ sender: mortal(born(), { at, when }), parameters, bookFile });
      await expect(crashed).rejects.toThrow("killed");
      const market = await deployMarket({ sender: born(), parameters, bookFile });
      expect((await transactionsSent()) - sentBefore).toBe(fresh);
      expect(await deployMarket({ sender, parameters, bookFile })).toEqual(market);
      expect((await transactionsSent()) - sentBefore).toBe(fresh);
    }
  }
});

it("waits for roles that a crash left on their way, instead of setting them twice", async () => {
  const bookFile = join(folder, "roles.json");
  await using slow = await startAnvil();
  const own = createSender(await connectChain({ rpcUrl: slow.rpcUrl }), localAccount(0));
  const sent = () => own.chain.client.getTransactionCount({ address: own.address, blockTag: "pending" });
  const dying: ChainSender = {
    ...own,
    async send(request) {
      if (request.doing !== "setting the roles") return own.send(request);
      await callAnvil(slow, "evm_setAutomine", [false]);
      await own.send(request);
      throw new Error("killed");
    },
  };
  await expect(deployMarket({ sender: dying, parameters, bookFile })).rejects.toThrow("killed");
  const before = await sent();
  let foundWaiting = 0;
  const { client } = own.chain;
  const getTransaction: typeof client.getTransaction = async (which) => {
    const transaction = await client.getTransaction(which);
    foundWaiting += 1;
    // Its block comes once it was seen to be on its way.
    await callAnvil(slow, "evm_mine");
    return transaction;
  };
  const resuming = { ...own, chain: { ...own.chain, client: { ...client, getTransaction } } };
  await deployMarket({ sender: resuming, parameters, bookFile });
  expect(foundWaiting).toBe(1);
  expect(await sent()).toBe(before);
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

it("pays for nothing on a chain that cannot take all of it", async () => {
  await using bare = await startAnvil();
  await callAnvil(bare, "anvil_setCode", ["0x4e59b44847b379578588920cA78FbF26c0B4956C", "0x"]);
  const own = createSender(await connectChain({ rpcUrl: bare.rpcUrl }), localAccount(0));
  const options = { sender: own, parameters, bookFile: join(folder, "bare.json") };
  const refusal = { code: "invalid_configuration", message: expect.stringContaining("has no factory") };
  await expect(planDeployment(options)).rejects.toMatchObject(refusal);
  await expect(deployMarket(options)).rejects.toMatchObject(refusal);
  expect(await own.chain.client.getTransactionCount({ address: own.address })).toBe(0);
});

it("refuses the book of a version whose contracts were others", async () => {
  const bookFile = join(folder, "older.json");
  await writeFile(bookFile, JSON.stringify({ chainId: 31_337, steps: {}, market: { vault: sender.address } }));
  await expect(deployMarket({ sender, parameters, bookFile })).rejects.toMatchObject({
    code: "invalid_configuration",
    message: expect.stringContaining("another file or data folder"),
  });
});

it("refuses a book that is not one", async () => {
  const bookFile = join(folder, "garbage.json");
  await writeFile(bookFile, "{ not json");
  await expect(deployMarket({ sender, parameters, bookFile })).rejects.toMatchObject({ code: "invalid_configuration" });
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
