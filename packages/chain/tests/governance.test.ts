import { globSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AddressBook,
  type AddressBookFile,
  type Anvil,
  type Chain,
  type ChainSender,
  connectChain,
  createSender,
  deployMarket,
  deposit,
  localAccount,
  mintTestDollars,
  planDeployment,
  readAddressBook,
  readDeployment,
  startAnvil,
  testGovernance,
  vaultBalance,
  type VaultParameters,
} from "@stoa/chain";
import { type Address, StoaError } from "@stoa/protocol";
import { callAnvil } from "@stoa/testkit";
import { type AbiParameter, encodeAbiParameters, encodeFunctionData, type Hex, zeroAddress } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { guardsOf } from "../src/deploy/missing-roles.ts";
import { suite } from "../src/deploy/suite/suite.ts";
import { sendAndWait } from "../src/client/send-and-wait.ts";

const CONTRACTS = join(import.meta.dirname, "../../../contracts/src");
const DELAY_SECONDS = 3_600;

let anvil: Anvil;
let chain: Chain;
let sender: ChainSender;
let folder: string;
let market: AddressBook;

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
const [governor, guardian] = [localAccount(4), localAccount(5)];
const governance = {
  ...testGovernance(governor.address),
  guardian: guardian.address,
  delaySeconds: DELAY_SECONDS,
};

beforeAll(async () => {
  anvil = await startAnvil();
  chain = await connectChain({ rpcUrl: anvil.rpcUrl });
  sender = createSender(chain, localAccount(0));
  folder = await mkdtemp(join(tmpdir(), "stoa-governance-"));
  market = await deployMarket({ sender, parameters, governance, bookFile: join(folder, "book.json") });
});
afterAll(async () => {
  await anvil.stop();
  await rm(folder, { recursive: true, force: true });
});

const readBook = async (file: string) => JSON.parse(await readFile(file, "utf8")) as AddressBookFile;

/** A call of a function with nothing in its arguments, which is refused before it looks at them. */
function emptyCall(functionName: string, abi: (typeof suite)[number]["abi"], selector: Hex): Hex {
  const item = abi.find((candidate) => candidate.type === "function" && candidate.name === functionName);
  const inputs = item?.type === "function" ? item.inputs : [];
  return `${selector}${encodeAbiParameters(inputs, inputs.map(nothingOf)).slice(2)}`;
}

function nothingOf(parameter: AbiParameter): unknown {
  if ("components" in parameter) {
    return Object.fromEntries(parameter.components.map((part) => [part.name, nothingOf(part)]));
  }
  return parameter.type === "address" ? zeroAddress : 0n;
}

it("leaves the timelock alone with the admin's role, and nobody with more than a role's functions", async () => {
  const { roles, timelock } = await readDeployment(chain, (await readAddressBook(join(folder, "book.json")))!);
  const members = Object.fromEntries(roles.map(({ role, members: all }) => [role, all.map(({ account }) => account)]));
  expect(members).toEqual({
    admin: [market.timelock],
    guardian: [guardian.address],
    parameters: [market.timelock],
    court: [market.escrow],
    rewarder: [],
    minter: [market.emission],
  });
  expect(timelock).toEqual({
    delaySeconds: DELAY_SECONDS,
    proposers: [governor.address],
    executors: [zeroAddress],
  });
});

it("refuses every restricted function to a stranger, the deployer, the operator and the governor's own wallet", async () => {
  const guards = guardsOf();
  expect(guards.length).toBeGreaterThan(3);
  for (const account of [localAccount(9), localAccount(0), governor]) {
    for (const { contract, functionName, selector } of guards) {
      const data = emptyCall(functionName, contract.abi, selector);
      const call = chain.client.call({ account: account.address, to: market[contract.name], data });
      await expect(call, `${contract.name}.${functionName}`).rejects.toThrow(/0x068ca9d8|AccessManagedUnauthorized/);
    }
  }
});

it("names a role for every function of the suite that the Solidity restricts", () => {
  const sources = globSync("**/*.sol", { cwd: CONTRACTS }).map((path) => readFileSync(join(CONTRACTS, path), "utf8"));
  const restricted = sources.flatMap((source) =>
    [...source.matchAll(/function (\w+)\([^)]*\)[^{;]*\brestricted\b/g)].map(([, name]) => name!),
  );
  expect(restricted).toEqual(expect.arrayContaining(["pause", "unpause", "mint", "setReceiver"]));
  for (const { name, abi, guards } of suite) {
    const isAccessManaged = abi.some((item) => item.type === "function" && item.name === "isConsumingScheduledOp");
    if (!isAccessManaged) continue;
    const own = abi.flatMap((item) => (item.type === "function" && restricted.includes(item.name) ? [item.name] : []));
    expect(Object.keys(guards).sort(), name).toEqual(own.sort());
  }
});

it("pauses deposits by the guardian at once, and lets them in again only after governance's delay", async () => {
  const { vault, token, timelock } = market;
  const amount = 1_000_000n;
  await mintTestDollars(sender, { token, to: sender.address, amount: 3n * amount });
  await deposit(sender, { vault, token, amount });
  const vaultAbi = suite.find(({ name }) => name === "vault")!.abi;
  const timelockAbi = suite.find(({ name }) => name === "timelock")!.abi;
  const pause = encodeFunctionData({ abi: vaultAbi, functionName: "pause" });
  await sendAndWait(createSender(chain, guardian), { doing: "pausing", to: vault, data: pause });
  await expect(deposit(sender, { vault, token, amount })).rejects.toMatchObject({
    code: "chain_rejected",
    details: { error: "EnforcedPause" },
  });
  const unpause = encodeFunctionData({ abi: vaultAbi, functionName: "unpause" });
  const zero = `0x${"00".repeat(32)}` as const;
  const args = [vault, 0n, unpause, zero, zero] as const;
  const schedule = encodeFunctionData({
    abi: timelockAbi,
    functionName: "schedule",
    args: [...args, BigInt(DELAY_SECONDS)],
  });
  const execute = encodeFunctionData({ abi: timelockAbi, functionName: "execute", args });
  await sendAndWait(createSender(chain, governor), { doing: "proposing", to: timelock, data: schedule });
  await expect(sendAndWait(sender, { doing: "executing", to: timelock, data: execute })).rejects.toMatchObject({
    details: { error: "TimelockUnexpectedOperationState" },
  });
  await callAnvil(anvil, "evm_increaseTime", [DELAY_SECONDS]);
  await callAnvil(anvil, "evm_mine");
  await sendAndWait(sender, { doing: "executing", to: timelock, data: execute });
  await deposit(sender, { vault, token, amount });
  expect(await vaultBalance(chain, vault, sender.address, token)).toMatchObject({ available: 2n * amount });
});

/** A book as an older version would have left it: without one contract of today's. */
async function without(contract: "emission", bookFile: string): Promise<void> {
  const book = await readBook(bookFile);
  delete book.contracts[contract];
  await writeFile(bookFile, JSON.stringify(book));
}

it("adds a contract to a market that stands; without a delay its governor's wallet gives it its roles", async () => {
  const bookFile = join(folder, "grown.json");
  const before = await deployMarket({ sender, parameters, bookFile });
  await without("emission", bookFile);
  const grown = await deployMarket({ sender, parameters, bookFile });
  expect(grown).toMatchObject({ vault: before.vault, manager: before.manager, stoa: before.stoa });
  expect(grown.emission).not.toBe(before.emission);
  const { roles } = await readDeployment(chain, (await readAddressBook(bookFile))!);
  const minters = roles.find(({ role }) => role === "minter")!;
  expect(minters.members.map(({ account }) => account)).toEqual([before.emission, grown.emission]);
});

it("leaves new roles of a market that stands to its governance, and says what it must propose", async () => {
  const bookFile = join(folder, "governed.json");
  const before = await deployMarket({ sender, parameters, governance, bookFile });
  await without("emission", bookFile);
  const refused = await deployMarket({ sender, parameters, governance, bookFile }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(StoaError);
  const { code, details } = refused as StoaError;
  expect(code).toBe("chain_rejected");
  const { timelock, schedule, execute } = details as { timelock: Hex; schedule: Hex; execute: Hex };
  expect(timelock).toBe(before.timelock);
  await sendAndWait(createSender(chain, governor), { doing: "proposing", to: timelock, data: schedule });
  await callAnvil(anvil, "evm_increaseTime", [DELAY_SECONDS]);
  await callAnvil(anvil, "evm_mine");
  await sendAndWait(sender, { doing: "executing", to: timelock, data: execute });
  const grown = await deployMarket({ sender, parameters, governance, bookFile });
  expect(grown.emission).not.toBe(before.emission);
});

it("lets governance take a role away for good", async () => {
  const bookFile = join(folder, "revoked.json");
  const instant = { ...testGovernance(sender.address), guardian: guardian.address };
  const book = await deployMarket({ sender, parameters, governance: instant, bookFile });
  const managerAbi = suite.find(({ name }) => name === "manager")!.abi;
  const timelockAbi = suite.find(({ name }) => name === "timelock")!.abi;
  const revoke = encodeFunctionData({ abi: managerAbi, functionName: "revokeRole", args: [1n, guardian.address] });
  const zero = `0x${"00".repeat(32)}` as const;
  const args = [book.manager, 0n, revoke, zero, zero] as const;
  for (const data of [
    encodeFunctionData({ abi: timelockAbi, functionName: "schedule", args: [...args, 0n] }),
    encodeFunctionData({ abi: timelockAbi, functionName: "execute", args }),
  ]) {
    await sendAndWait(sender, { doing: "revoking", to: book.timelock, data });
  }
  await deployMarket({ sender, parameters, governance: instant, bookFile });
  const { roles } = await readDeployment(chain, (await readAddressBook(bookFile))!);
  expect(roles.find(({ role }) => role === "guardian")!.members).toEqual([]);
});

it("is not finished by another wallet than the one that began it", async () => {
  const bookFile = join(folder, "begun.json");
  const other = createSender(chain, localAccount(6));
  const dying: ChainSender = {
    ...other,
    send: (request) => (request.doing.includes("timelock") ? Promise.reject(new Error("gone")) : other.send(request)),
  };
  await expect(deployMarket({ sender: dying, parameters, governance, bookFile })).rejects.toThrow("gone");
  const sent = await chain.client.getTransactionCount({ address: sender.address });
  await expect(deployMarket({ sender, parameters, governance, bookFile })).rejects.toMatchObject({
    code: "invalid_configuration",
    message: expect.stringContaining("did not begin this deployment"),
  });
  expect(await chain.client.getTransactionCount({ address: sender.address })).toBe(sent);
  await deployMarket({ sender: other, parameters, governance, bookFile });
});

it("refuses code that is not this version's, wherever the book says it is", async () => {
  const bookFile = join(folder, "forged.json");
  await deployMarket({ sender, parameters, bookFile });
  const book = await readBook(bookFile);
  const code = (await chain.client.getCode({ address: book.contracts.vault!.address }))!;
  const forged = `${code.slice(0, 200)}${code[200] === "0" ? "1" : "0"}${code.slice(201)}`;
  await callAnvil(anvil, "anvil_setCode", [book.contracts.vault!.address, forged]);
  await expect(deployMarket({ sender, parameters, bookFile })).rejects.toMatchObject({
    code: "invalid_configuration",
    message: expect.stringContaining("is not this version's vault"),
  });
  const { contracts } = await readDeployment(chain, (await readAddressBook(bookFile))!);
  expect(contracts.find(({ name }) => name === "vault")).toMatchObject({ code: "other", isPaused: null });
});

it("plans the addresses it then deploys to, and more gas than it then uses", async () => {
  const bookFile = join(folder, "planned.json");
  const plan = await planDeployment({ sender, parameters, governance, bookFile });
  const balance = await chain.client.getBalance({ address: sender.address });
  const book = await deployMarket({ sender, parameters, governance, bookFile });
  const spent = balance - (await chain.client.getBalance({ address: sender.address }));
  for (const { name, address } of plan.steps) if (name !== "roles") expect(address, name).toBe(book[name]);
  expect(spent).toBeGreaterThan(0n);
  expect(spent).toBeLessThanOrEqual(plan.balanceNeeded);
  const done = await planDeployment({ sender, parameters, governance, bookFile });
  expect(done).toMatchObject({ gas: 0n, balanceNeeded: 0n });
  const refused = planDeployment({
    sender,
    parameters: { ...parameters, feeBps: 5_000 },
    bookFile: join(folder, "dear.json"),
  });
  await expect(refused).rejects.toMatchObject({ code: "chain_rejected", details: { error: "FeeOverMaximum" } });
});

it("deploys no test dollar where money is worth something, and the suite around a named token", async () => {
  await using real = await startAnvil({ chainId: 8_453 });
  const own = await connectChain({ rpcUrl: real.rpcUrl });
  const wallet = privateKeyToAccount(generatePrivateKey());
  await callAnvil(real, "anvil_setBalance", [wallet.address, "0x56bc75e2d63100000"]);
  const named: Address = "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913";
  const weth: Address = "0x4200000000000000000000000000000000000006";
  const code = await chain.client.getCode({ address: market.token });
  for (const address of [named, weth]) await callAnvil(real, "anvil_setCode", [address, code]);
  const mine = { ...testGovernance(wallet.address), delaySeconds: 86_400 };
  const parties = { operator: wallet.address, arbiter: wallet.address, feeRecipient: wallet.address };
  const vault = { ...parameters, ...parties, faultPool: wallet.address };
  const options = { sender: createSender(own, wallet), parameters: vault, bookFile: join(folder, "real.json") };
  const message = (text: string) => ({ code: "invalid_configuration", message: expect.stringContaining(text) });
  await expect(deployMarket({ ...options, governance: mine })).rejects.toMatchObject(message("a test dollar"));
  await expect(deployMarket({ ...options, governance: mine, token: named })).rejects.toMatchObject(
    message("a wrapper is deployed"),
  );
  await expect(deployMarket({ ...options, token: named, wrapper: weth })).rejects.toMatchObject(
    message("the deployer governs"),
  );
  const known = { ...options, governance: mine, token: named, wrapper: weth, parameters };
  await expect(deployMarket(known)).rejects.toMatchObject(message("everybody knows"));
  const hasty = { ...options, governance: { ...mine, delaySeconds: 60 }, token: named, wrapper: weth } as const;
  await expect(deployMarket(hasty)).rejects.toMatchObject(message("a delay of at least"));
  expect(await own.client.getTransactionCount({ address: wallet.address })).toBe(0);
  const whole = { ...options, governance: mine, token: named, wrapper: weth };
  const book = await deployMarket(whole);
  expect([book.token, book.wrapper]).toEqual([named, weth]);
  expect(await deployMarket(whole)).toEqual(book);
  await expect(deployMarket({ ...whole, wrapper: named })).rejects.toMatchObject(message("the market's wrapper is"));
});
