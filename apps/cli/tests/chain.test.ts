import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type AddressBookFile, type Anvil, type Chain, connectChain, localAccount, startAnvil } from "@stoa/chain";
import { callAnvil } from "@stoa/testkit";
import { toHex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runCli } from "@stoa/cli";
import { type Ended, until } from "./local-market.ts";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));

let anvil: Anvil;
let chain: Chain;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stoa-cli-chain-"));
  // Blocks come slowly enough that a deployment can be killed while one is on its way.
  anvil = await startAnvil({ blockTimeSeconds: 0.2 });
  chain = await connectChain({ rpcUrl: anvil.rpcUrl });
  const { privateKey } = localAccount(0).getHdKey();
  await writeFile(join(folder, "key"), toHex(privateKey ?? new Uint8Array()), { mode: 0o600 });
});
afterAll(async () => {
  await anvil.stop();
  await rm(folder, { recursive: true, force: true });
});

const envOf = (keyFile: string) => ({
  ...process.env,
  NO_COLOR: "1",
  STOA_HOME: join(folder, "home"),
  STOA_DATA: join(folder, "no-market"),
  STOA_WALLET_KEY_FILE: join(folder, keyFile),
});

/** A process of its own, to be killed. */
function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [MAIN, "chain", ...args], { cwd: folder, env: envOf("key"), stdio: "ignore" });
}

async function stoa(args: readonly string[], { keyFile = "key" } = {}): Promise<Ended> {
  const [stdout, stderr] = [[] as string[], [] as string[]];
  const code = await runCli(["chain", ...args], {
    env: envOf(keyFile),
    cwd: folder,
    stdout: { write: (text) => stdout.push(text) },
    stderr: { write: (text) => stderr.push(text) },
  });
  return { code, stdout: stdout.join(""), stderr: stderr.join("") };
}

async function readBook(name: string): Promise<AddressBookFile | null> {
  return readFile(join(folder, name), "utf8").then(
    (text) => JSON.parse(text) as AddressBookFile,
    () => null,
  );
}

/** Contracts that come with the vault's own transaction. */
const MADE_BY_VAULT = ["evidence", "nodes"];

const sent = () => chain.client.getTransactionCount({ address: localAccount(0).address });

it("says what it would do and what that costs, and does nothing", async () => {
  const before = await sent();
  const dry = await stoa(["deploy", "--rpc", anvil.rpcUrl, "--dry-run", "--json"]);
  expect(dry).toMatchObject({ code: 0 });
  const plan = JSON.parse(dry.stdout) as { steps: { name: string; gas: string; isDone: boolean }[]; gas: string };
  const names = plan.steps.map(({ name }) => name);
  const shared = ["anchors", "dids", "entryPoint", "walletDelegate", "accountFactory"];
  expect(names.slice(0, 8)).toEqual([...shared, "token", "wrapper", "manager"]);
  expect(names).toContain("escrow");
  expect(names.at(-1)).toBe("roles");
  const isWhole = ({ name, gas, isDone }: (typeof plan.steps)[number]) =>
    !isDone && (MADE_BY_VAULT.includes(name) || BigInt(gas) > 50_000n);
  expect(plan.steps.every(isWhole)).toBe(true);
  const { stdout } = await stoa(["deploy", "--rpc", anvil.rpcUrl, "--dry-run"]);
  expect(stdout).toContain("balance needed");
  expect(stdout).toContain("the guardian role may call vault.pause");
  expect(await sent()).toBe(before);
});

it("is killed with a contract on its way, again and again, and still deploys each of them once", async () => {
  const before = await sent();
  const args = ["deploy", "--rpc", anvil.rpcUrl, "--book", join(folder, "killed.json")];
  for (const contracts of [2, 8, 15]) {
    const child = start(args);
    const ended = once(child, "close");
    const isOnItsWay = async () => {
      const entries = Object.values((await readBook("killed.json"))?.contracts ?? {});
      return entries.length >= contracts;
    };
    const alive = () => `it ended (${child.exitCode}) before contract ${contracts} was on its way`;
    await until(async () => child.exitCode === null && (await isOnItsWay()), alive);
    child.kill("SIGKILL");
    expect(await ended).toEqual([null, "SIGKILL"]);
  }
  const done = await stoa([...args, "--json"]);
  expect(done).toMatchObject({ code: 0 });
  // What the vault makes takes none; every other contract and the roles take a transaction each.
  const { contracts } = (await readBook("killed.json"))!;
  const each = Object.keys(contracts).length - MADE_BY_VAULT.length + 1;
  expect((await sent()) - before).toBe(each);
  const again = await stoa([...args, "--json"]);
  expect(JSON.parse(again.stdout)).toEqual(JSON.parse(done.stdout));
  expect((await sent()) - before).toBe(each);
});

it("shows what stands, who may do what, and that nothing is paused", async () => {
  const args = ["status", "--rpc", anvil.rpcUrl, "--book", join(folder, "killed.json")];
  const { code, stdout } = await stoa([...args, "--json"]);
  expect(code).toBe(0);
  const status = JSON.parse(stdout) as {
    contracts: { name: string; address: string; code: string; isPaused: boolean | null }[];
    roles: { role: string; members: { account: string }[]; functions: string[] }[];
  };
  expect(status.contracts.every((contract) => contract.code === "as built")).toBe(true);
  const addressOf = (name: string) => status.contracts.find((contract) => contract.name === name)?.address;
  const membersOf = (role: string) =>
    status.roles.find((candidate) => candidate.role === role)?.members.map(({ account }) => account);
  expect(membersOf("admin")).toEqual([addressOf("timelock")]);
  expect(membersOf("parameters")).toEqual([addressOf("timelock")]);
  expect(membersOf("minter")).toEqual([addressOf("emission")]);
  expect(membersOf("guardian")).toEqual([localAccount(0).address]);
  expect(status.contracts.find(({ name }) => name === "vault")?.isPaused).toBe(false);
  const told = await stoa(args);
  expect(told.stdout).toMatch(/admin +all roles +timelock/);
  expect(told.stdout).toMatch(/vault +0x\w{40} +\d+ +as built +open/);
});

it("refuses another chain than the one that was meant, and the book of another", async () => {
  const other = await stoa(["deploy", "--rpc", anvil.rpcUrl, "--chain-id", "84532"]);
  expect(other.code).toBe(2);
  expect(other.stderr).toContain("is chain 31337, expected 84532");
  const book = (await readBook("killed.json"))!;
  await writeFile(join(folder, "foreign.json"), JSON.stringify({ ...book, chainId: 84_532 }));
  const foreign = await stoa(["deploy", "--rpc", anvil.rpcUrl, "--book", join(folder, "foreign.json")]);
  expect(foreign.code).toBe(2);
  expect(foreign.stderr).toContain("is of chain 84532, this is chain 31337");
  const lost = await stoa(["status", "--rpc", anvil.rpcUrl, "--book", join(folder, "nowhere.json")]);
  expect(lost.stderr).toContain("there is no address book of chain 31337");
});

it("takes nothing for granted where money is worth something", async () => {
  await using real = await startAnvil({ chainId: 8_453 });
  const key = generatePrivateKey();
  await writeFile(join(folder, "own-key"), key, { mode: 0o600 });
  const deploy = (...args: string[]) => stoa(["deploy", "--rpc", real.rpcUrl, ...args], { keyFile: "own-key" });
  expect((await deploy()).stderr).toContain("say --chain-id 8453 if that is what you mean");
  const missing = await deploy("--chain-id", "8453");
  expect(missing.code).toBe(2);
  expect(missing.stderr).toContain("operator, arbiter, feeRecipient");
  const parties = ["operator", "arbiter", "feeRecipient", "faultPool", "governor", "guardian", "treasury"];
  const wallet = privateKeyToAccount(key).address;
  const parameters = {
    ...Object.fromEntries([...parties, "rewardsReceiver"].map((name) => [name, wallet])),
    feeBps: 250,
    challengeBondBps: 500,
    withdrawDelay: 86_400,
    challengeWindow: 3_600,
    delaySeconds: 172_800,
    token: wallet,
    wrapper: wallet,
  };
  const file = join(folder, "base.json");
  const deployWith = async (changes: object) => {
    await writeFile(file, JSON.stringify({ ...parameters, ...changes }));
    return deploy("--chain-id", "8453", "--parameters", file);
  };
  expect((await deployWith({ token: undefined })).stderr).toContain("nothing is taken for granted: token");
  expect((await deployWith({ wrapper: undefined })).stderr).toContain("nothing is taken for granted: wrapper");
  expect((await deployWith({ tokn: wallet })).stderr).toContain("there is no tokn");
  expect((await deployWith({ delaySeconds: 60 })).stderr).toContain("a delay of at least 86400 s, got 60");
  expect((await deployWith({ guardian: localAccount(1).address })).stderr).toContain("guardian is");
  expect((await deployWith({})).stderr).toContain("has nothing there that tells its decimals");
  // Whatever it is asked, it answers 6.
  await callAnvil(real, "anvil_setCode", [wallet, "0x600660005260206000f3"]);
  expect((await deployWith({})).stderr).toContain("insufficient_funds");
});
