import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it, onTestFinished } from "vitest";
import { awaitTransaction, type Chain, connectChain, createSender, localAccount, startAnvil } from "@stoa/chain";

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "stoa-anvil-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function until(what: string, condition: () => boolean | Promise<boolean>, deadlineMs = 15_000): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function pay(chain: Chain): Promise<`0x${string}`> {
  const sender = createSender(chain, localAccount(0));
  const txHash = await sender.send({ doing: "paying", to: localAccount(9).address, data: "0x" });
  return (await awaitTransaction(chain, txHash)).blockHash;
}

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

it("keeps the chain, transactions included, across a stop", async () => {
  const stateFile = join(await temporaryFolder(), "chain.json");
  const first = await startAnvil({ stateFile, blockTimeSeconds: 0.1 });
  const blockHash = await pay(await connectChain({ rpcUrl: first.rpcUrl }));
  await first.stop();
  expect(isAlive(first.pid)).toBe(false);
  await using second = await startAnvil({ stateFile, blockTimeSeconds: 0.1 });
  const { client } = await connectChain({ rpcUrl: second.rpcUrl });
  expect((await client.getBlock({ blockHash })).transactions).toHaveLength(1);
});

it("has kept every block with another on top when the power is cut", async () => {
  const stateFile = join(await temporaryFolder(), "chain.json");
  const paid: `0x${string}`[] = [];
  for (let start = 0; start < 5; start += 1) {
    const anvil = await startAnvil({ stateFile, blockTimeSeconds: 0.002 });
    const chain = await connectChain({ rpcUrl: anvil.rpcUrl });
    for (const blockHash of paid) expect((await chain.client.getBlock({ blockHash })).transactions).toHaveLength(1);
    const blockHash = await pay(chain);
    const { number } = await chain.client.getBlock({ blockHash });
    await until("a block on top", async () => (await chain.client.getBlockNumber({ cacheTime: 0 })) > number);
    paid.push(blockHash);
    await anvil.kill();
  }
});

it("keeps every block that was saved when the power is cut", async () => {
  const folder = await temporaryFolder();
  const stateFile = join(folder, "chain.json");
  const first = await startAnvil({ stateFile, blockTimeSeconds: 0.1 });
  const blockHash = await pay(await connectChain({ rpcUrl: first.rpcUrl }));
  await until("the block is saved", async () =>
    (await readFile(stateFile, "utf8").catch(() => "")).includes(blockHash.slice(2)),
  );
  await first.kill();
  await using second = await startAnvil({ stateFile, blockTimeSeconds: 0.1 });
  const { client } = await connectChain({ rpcUrl: second.rpcUrl });
  expect((await client.getBlock({ blockHash })).transactions).toHaveLength(1);
});

it("lets an idle chain's blocks come to rest, and mines again for the next transaction", async () => {
  await using anvil = await startAnvil({ blockTimeSeconds: 0.002 });
  const chain = await connectChain({ rpcUrl: anvil.rpcUrl });
  const height = () => chain.client.getBlockNumber({ cacheTime: 0 });
  await until("blocks rest", async () => {
    const before = await height();
    await new Promise((resolve) => setTimeout(resolve, 200));
    return (await height()) === before;
  });
  const resting = await height();
  await pay(chain);
  await until("the payment's block is buried", async () => (await height()) >= resting + 10n);
});

it("ends the chain a killed starter left behind before it starts another on its state", async () => {
  const folder = await temporaryFolder();
  const stateFile = join(folder, "chain.json");
  const program = `import { startAnvil } from "@stoa/chain"; await startAnvil({ stateFile: ${JSON.stringify(stateFile)} }); setInterval(() => {}, 1e6);`;
  const starter = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: "ignore",
    cwd: import.meta.dirname,
  });
  const pidFile = `${stateFile}.pid`;
  await until("the starter's chain runs", async () => (await readFile(pidFile, "utf8").catch(() => "")) !== "");
  const orphan = Number(await readFile(pidFile, "utf8"));
  starter.kill("SIGKILL");
  await once(starter, "exit");
  expect(isAlive(orphan)).toBe(true);
  const second = await startAnvil({ stateFile });
  expect(isAlive(orphan)).toBe(false);
  await second.stop();
  expect(await readdir(folder)).toEqual(["chain.json"]);
});

it("says what anvil said when it does not come up", async () => {
  await using first = await startAnvil();
  await expect(startAnvil({ port: first.port })).rejects.toMatchObject({
    code: "chain_unavailable",
    message: expect.stringContaining("in use"),
  });
});
