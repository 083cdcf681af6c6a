import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  createSender,
  fundEscrow,
  listAccess,
  localAccount,
  mintTestDollars,
  registerAgent,
  reportConflict,
  requestBondWithdrawal,
  tokenBalance,
  vaultBalance,
} from "@stoa/chain";
import { type Address, type Hash, hashBytes, signTyped } from "@stoa/protocol";
import { callAnvil, randomKey } from "@stoa/testkit";
import { toHex } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ContractWorld, startContractWorld } from "./contract-world.ts";

const DOLLAR = 1_000_000n;
const DAY = 86_400;
const NODE: Address = "0x00000000000000000000000000000000000040De";
const ALIKE: Address = "0x00000000000000000000000000000000000a11ce";
const nobody: Address = "0x00000000000000000000000000000000000000aA";

let world: ContractWorld;
let alice: Address;
let bob: Address;

beforeAll(async () => {
  world = await startContractWorld();
  [alice, bob] = await Promise.all([world.person("alice"), world.person("bob")]);
  await writeFile(join(world.folder, "task.md"), "Translate the book.");
  await writeFile(join(world.folder, "result.txt"), "Das Buch.");
});
afterAll(() => world[Symbol.asyncDispose]());

/** A token of the market's name that is not the market's. */
async function tokenAlike(): Promise<Address> {
  const { client } = world.chain;
  const { token } = world.book;
  await callAnvil(world.anvil, "anvil_setCode", [ALIKE, await client.getCode({ address: token })]);
  for (let index = 0; index < 8; index += 1) {
    const slot = toHex(index, { size: 32 });
    await callAnvil(world.anvil, "anvil_setStorageAt", [
      ALIKE,
      slot,
      await client.getStorageAt({ address: token, slot }),
    ]);
  }
  return ALIKE;
}

const holds = (owner: Address) => tokenBalance(world.chain, world.book.token, owner);

describe("stakes", () => {
  it("are put down for a node, shown, asked for and taken back after the delay", async () => {
    const empty = await world.stoa("alice", ["stake", "show", NODE]);
    expect(empty.stdout).toMatch(/not active/);
    expect(empty.stderr).toContain(`stoa stake add ${NODE}`);
    expect(await world.json("alice", "stake", "add", NODE, "25.5", "--test-money")).toMatchObject({
      provider: alice,
      node: NODE,
      amount: "25500000",
      staked: "25500000",
      txHash: expect.stringMatching(/^0x[0-9a-f]{64}$/),
    });
    expect(await world.json("bob", "stake", "show", NODE, "--provider", alice)).toMatchObject({
      registered: null,
      isActive: false,
      staked: "25500000",
      minimumStake: expect.any(String),
      unlocksAt: null,
    });
    const asked = await world.json<{ unlocksAt: string }>("alice", "stake", "remove", NODE, "5.5");
    expect(asked).toMatchObject({ amount: "5500000", unstaking: "5500000" });
    const early = await world.error("alice", "stake", "remove", NODE, "--complete");
    expect(early).toMatchObject({ code: "wrong_state" });
    expect(early.message).toContain(`5.5 tUSD can be completed from ${asked.unlocksAt}`);
    await world.later(7_201);
    const before = await holds(alice);
    expect(await world.json("alice", "stake", "remove", NODE, "--complete")).toMatchObject({ amount: "5500000" });
    expect(await holds(alice)).toBe(before + 5_500_000n);
    const shown = await world.stoa("alice", ["stake", "show", NODE]);
    expect(shown.stdout).toMatch(/staked +20 tUSD/);
  });

  it("refuse more than there is, a wallet without money, and what is no address", async () => {
    expect(await world.error("alice", "stake", "remove", NODE, "21")).toMatchObject({
      code: "insufficient_funds",
      message: expect.stringContaining("has 20 tUSD at stake"),
    });
    expect(await world.error("bob", "stake", "add", NODE, "1")).toMatchObject({ code: "insufficient_funds" });
    expect(await world.error("bob", "stake", "add", "attic", "1")).toMatchObject({ code: "malformed_id" });
    expect(await world.error("bob", "stake", "remove", NODE)).toMatchObject({ code: "invalid_request" });
  });
});

describe("bonds", () => {
  it("are posted for a node or for all of them, shown, and taken back by the operator alone", async () => {
    const posted = { node: NODE, amount: "10500000", staying: "10500000" };
    expect(await world.json("alice", "bond", "post", "10.5", "--node", NODE, "--test-money")).toMatchObject(posted);
    expect(await world.json("alice", "bond", "post", "3", "--test-money")).toMatchObject({ node: null });
    expect(await world.json("bob", "bond", "show", "--node", NODE)).toEqual({
      node: NODE,
      staying: "10500000",
      leaving: "0",
      unlocksAt: null,
    });
    expect((await world.stoa("bob", ["bond", "show"])).stdout).toMatch(/every node\n.*3 tUSD/);
    expect(await world.error("alice", "bond", "withdraw", "1")).toMatchObject({ code: "chain_rejected" });
    expect(await world.error("alice", "bond", "withdraw", "11", "--node", NODE)).toMatchObject({
      code: "insufficient_funds",
    });
    expect(await world.error("alice", "bond", "withdraw", "--complete")).toMatchObject({ code: "wrong_state" });
    expect(await world.error("alice", "bond", "withdraw")).toMatchObject({ code: "invalid_request" });
    const { bonds, token, operator } = world.book;
    const sender = createSender(world.chain, localAccount(0));
    await requestBondWithdrawal(sender, { bonds, node: NODE, token, amount: 2n * DOLLAR });
    expect(await world.error("bob", "bond", "withdraw", "--complete", "--node", NODE)).toMatchObject({
      code: "wrong_state",
      message: expect.stringContaining("2 tUSD can be completed from"),
    });
    await world.later(10_801);
    const before = await holds(operator);
    await world.json("bob", "bond", "withdraw", "--complete", "--node", NODE);
    expect(await holds(operator)).toBe(before + 2n * DOLLAR);
  });
});

describe("deposits without a server", () => {
  const inVault = (owner: Address, token: Address) => vaultBalance(world.chain, world.book.vault, owner, token);

  it("go in by one signed permit, and out after the delay", async () => {
    const { client } = world.chain;
    await mintTestDollars(await world.senderOf("alice"), { token: world.book.token, to: alice, amount: 7n * DOLLAR });
    const sent = await client.getTransactionCount({ address: alice });
    expect(await world.json("alice", "wallet", "deposit", "7")).toMatchObject({ owner: alice, amount: "7000000" });
    expect(await client.getTransactionCount({ address: alice })).toBe(sent + 1);
    expect(await inVault(alice, world.book.token)).toMatchObject({ available: 7n * DOLLAR });
    expect(await world.error("alice", "wallet", "withdraw", "8")).toMatchObject({ code: "insufficient_funds" });
    expect(await world.error("alice", "wallet", "withdraw", "--complete")).toMatchObject({ code: "wrong_state" });
    expect(await world.json("alice", "wallet", "withdraw", "7")).toMatchObject({ amount: "7000000" });
    await world.later(7_201);
    const before = await holds(alice);
    expect(await world.json("alice", "wallet", "withdraw", "--complete")).toMatchObject({ amount: "7000000" });
    expect(await holds(alice)).toBe(before + 7n * DOLLAR);
  });

  it("wrap the chain's own coin, and unwrap what is withdrawn", async () => {
    const { wrapper } = world.book;
    const coin = 10n ** 18n;
    const told = await world.stoa("bob", ["wallet", "deposit", "1.5", "--native"]);
    expect(told.stdout).toContain("deposited 1.5 of the chain's coin");
    expect(told.stderr).toContain("settle in tUSD, not in this");
    expect(await inVault(bob, wrapper)).toMatchObject({ available: (3n * coin) / 2n });
    expect(await world.error("bob", "wallet", "deposit", "1000000", "--native")).toMatchObject({
      code: "insufficient_funds",
    });
    for (const amount of ["0", "1e3", "0.0000000000000000001"]) {
      const refused = await world.error("bob", "wallet", "deposit", "--native", amount);
      expect(refused).toMatchObject({ code: "malformed_amount" });
    }
    await world.json("bob", "wallet", "withdraw", "1.5", "--native");
    await world.later(7_201);
    const before = await world.chain.client.getBalance({ address: bob });
    expect(await world.json("bob", "wallet", "withdraw", "--native", "--complete")).toMatchObject({
      amount: ((3n * coin) / 2n).toString(),
    });
    expect(await tokenBalance(world.chain, wrapper, bob)).toBe(0n);
    expect(await world.chain.client.getBalance({ address: bob })).toBeGreaterThan(before + coin);
  });
});

describe("registered nodes", () => {
  it("a node is registered by its own key's word, beats, rests, and leaves", async () => {
    const registered = await world.json<{ node: Address }>(
      "alice",
      "node",
      "register",
      "--name",
      "attic",
      "--slots",
      "4",
    );
    const { node } = registered;
    expect(registered).toMatchObject({ provider: alice, slots: 4, isActive: false });
    const status = () => world.json("alice", "stake", "show", node);
    expect(await status()).toMatchObject({ registered: alice, slots: 4, isActive: false, maintenance: null });
    await world.json("alice", "stake", "add", node, "5", "--test-money");
    expect(await world.json("alice", "node", "heartbeat", node)).toMatchObject({ isActive: true });

    await world.json("alice", "node", "maintain", node, "--for", "2h");
    const resting = await status();
    expect(resting).toMatchObject({ isActive: false, maintenance: expect.stringMatching(/^20/) });
    await world.json("alice", "node", "maintain", node);
    expect(await status()).toMatchObject({ isActive: false, maintenance: "until further notice" });
    await world.json("alice", "node", "maintain", node, "--end");
    expect(await status()).toMatchObject({ isActive: true, maintenance: null });

    expect(await world.error("alice", "node", "register", "--name", "attic")).toMatchObject({
      code: "wrong_state",
      message: expect.stringContaining(`registered already, as ${alice}'s`),
    });
    expect(await world.error("bob", "node", "deregister", node)).toMatchObject({ code: "chain_rejected" });
    await world.json("alice", "node", "deregister", node);
    expect(await world.error("alice", "node", "heartbeat", node)).toMatchObject({ code: "wrong_state" });
    const again = await world.json<{ isActive: boolean }>("alice", "node", "register", "--name", "attic");
    expect(again, "its stake stood all the while").toMatchObject({ node, slots: 2, isActive: true });
  });

  it("two results that one node signed cost its provider, and a part of that is whoever's showed them", async () => {
    const key = randomKey();
    const award = hashBytes(new TextEncoder().encode("an award"));
    const results = ["one", "another"].map((text) => hashBytes(new TextEncoder().encode(text))) as [Hash, Hash];
    const domain = { chainId: world.chain.chainId, vault: world.book.vault };
    const sign = (resultHash: Hash) => signTyped(key, domain, "Receipt", { awardHash: award, resultHash });
    const signatures = [await sign(results[0]), await sign(results[1])] as const;
    await world.json("alice", "stake", "add", key.address, "100", "--test-money");

    expect(await world.stoa("bob", ["node", "rewards"])).toMatchObject({ code: 0, stdout: `0 tUSD for ${bob}\n` });
    expect(await world.error("bob", "node", "rewards", "--claim")).toMatchObject({ code: "wrong_state" });
    const report = {
      nodes: world.book.nodes,
      provider: alice,
      token: world.book.token,
      conflict: { kind: "results", node: key.address, awardHash: award, resultHashes: results },
      signatures,
    } as const;
    await reportConflict(await world.senderOf("bob"), report);
    const left = await world.json<{ staked: string }>("alice", "stake", "show", key.address, "--provider", alice);
    const taken = 100n * DOLLAR - BigInt(left.staked);
    expect(taken).toBeGreaterThan(0n);

    const { amount } = await world.json<{ amount: string }>("alice", "node", "rewards", bob);
    expect(BigInt(amount)).toBeGreaterThan(0n);
    expect(BigInt(amount)).toBeLessThan(taken);
    const before = await holds(bob);
    expect(await world.json("bob", "node", "rewards", "--claim")).toMatchObject({ account: bob, amount });
    expect((await holds(bob)) - before).toBe(BigInt(amount));
    await expect(reportConflict(await world.senderOf("bob"), report)).rejects.toThrow(/AlreadyPunished/);
  });
});

describe("escrows", () => {
  const fund = (...more: string[]) =>
    world.json<{ escrowId: string; amount: string }>(
      "alice",
      "escrow",
      "fund",
      bob,
      "100",
      "--task",
      "task.md",
      "--test-money",
      ...more,
    );

  it("are funded with the fee on top, delivered, released by the requester, and paid", async () => {
    const none = await world.stoa("bob", ["escrow", "list"]);
    expect([none.code, none.stdout]).toEqual([0, ""]);
    expect(none.stderr).toContain("stoa escrow fund");
    const { escrowId, amount } = await fund("--deliver", "2d", "--node", NODE);
    expect(amount).toBe("102000000");
    const taskHash = hashBytes(Buffer.from("Translate the book."));
    expect(await world.json("bob", "escrow", "show", escrowId)).toMatchObject({
      escrowId,
      state: "funded",
      requester: alice,
      provider: bob,
      node: NODE,
      taskHash,
      resultHash: null,
    });
    const delivered = await world.json("bob", "escrow", "deliver", escrowId, "--result", "result.txt");
    expect(delivered).toMatchObject({ state: "delivered", resultHash: hashBytes(Buffer.from("Das Buch.")) });
    expect(await world.error("bob", "escrow", "release", escrowId)).toMatchObject({
      code: "wrong_state",
      message: expect.stringContaining(`${alice} can release escrow ${escrowId} now, anyone else from`),
    });
    const told = await world.stoa("alice", ["escrow", "release", escrowId]);
    expect(told.stdout).toContain(`released escrow ${escrowId} to ${bob}`);
    const before = await holds(bob);
    expect(await world.json("bob", "escrow", "withdraw")).toMatchObject({ owner: bob, amount: "100000000" });
    expect(await holds(bob)).toBe(before + 100n * DOLLAR);
    expect(await world.error("bob", "escrow", "withdraw")).toMatchObject({ code: "wrong_state" });
  });

  it("are refunded by anyone once nothing came in time, and not before", async () => {
    const { escrowId } = await fund("--deliver", "1h");
    expect(await world.error("alice", "escrow", "refund", escrowId)).toMatchObject({ code: "wrong_state" });
    await world.later(3_700);
    expect(await world.json("alice", "escrow", "refund", escrowId)).toMatchObject({ requester: alice });
    expect(await world.json("alice", "escrow", "withdraw")).toMatchObject({ amount: "102000000" });
    expect(await world.json("alice", "escrow", "show", escrowId)).toMatchObject({ state: "refunded" });
  });

  it("are released at once by a verifier that was agreed on, and by nothing else than its yes", async () => {
    const { escrowId } = await fund("--expect", hashBytes(Buffer.from("Das Buch.")));
    const wrong = ["escrow", "deliver", escrowId, "--task-hash"];
    expect((await world.stoa("bob", wrong)).code).toBe(2);
    const other = hashBytes(Buffer.from("Ein Buch."));
    const refused = await world.error("bob", "escrow", "deliver", escrowId, "--result-hash", other, "--verify");
    expect(refused).toMatchObject({ code: "chain_rejected", message: expect.stringContaining("NotVerified") });
    const verified = await world.json("bob", "escrow", "deliver", escrowId, "--result", "result.txt", "--verify");
    expect(verified).toMatchObject({ state: "released" });
    const { items } = await world.json<{ items: { escrowId: string; state: string }[] }>("bob", "escrow", "list");
    expect(items.map(({ state }) => state)).toEqual(["released", "refunded", "released"]);
    const table = await world.stoa("alice", ["escrow", "list"]);
    expect(table.stdout).toMatch(new RegExp(`${escrowId} +released +102 tUSD +you +${bob.slice(0, 10)}…`));
  });

  it("in a stranger's token are told as such, and never as the market's money", async () => {
    const alike = await tokenAlike();
    const sender = await world.senderOf("bob");
    await mintTestDollars(sender, { token: alike, to: bob, amount: 5n * DOLLAR });
    const { timestamp } = await world.chain.client.getBlock();
    const times = { deliverBy: (Number(timestamp) + DAY) * 1_000, approvalWindow: DAY };
    const parties = { requester: bob, provider: alice, node: null, verifier: null };
    const taskHash = hashBytes(Buffer.from("bait"));
    const terms = { ...parties, ...times, token: alike, amount: 5n * DOLLAR, taskHash };
    await fundEscrow(sender, { escrow: world.book.escrow, terms });
    const { stdout } = await world.stoa("alice", ["escrow", "list"]);
    expect(stdout.toLowerCase()).toContain(`5 tusd of ${alike.toLowerCase()}`);
    await callAnvil(world.anvil, "anvil_setCode", [alike, "0x"]);
    const silent = await world.stoa("alice", ["escrow", "list"]);
    expect(silent.stdout.toLowerCase()).toContain(`5000000 units of ${alike}`);
  });

  it("say what is missing or does not fit together", async () => {
    expect(await world.error("alice", "escrow", "show", "99")).toMatchObject({ code: "not_found" });
    expect(await world.error("alice", "escrow", "show", "one")).toMatchObject({ code: "malformed_id" });
    const args = ["escrow", "fund", bob, "1"];
    expect(await world.error("alice", ...args)).toMatchObject({ message: "expected either --task or --task-hash" });
    expect(await world.error("alice", ...args, "--task", "gone.md")).toMatchObject({ code: "not_found" });
    const half = await world.error("alice", ...args, "--task", "task.md", "--validator", bob);
    expect(half.message).toBe("--validator and --min-score go together");
    expect((await world.stoa("alice", ["escrow", "fund", bob])).code).toBe(2);
  });
});

describe("channels", () => {
  it("are opened, topped up, paid with vouchers, redeemed, and closed by the payee", async () => {
    const opened = await world.json<{ channelId: string }>("alice", "channel", "open", bob, "10", "--test-money");
    const { channelId } = opened;
    expect(opened).toMatchObject({ payer: alice, payee: bob, signer: alice, funds: "10000000", expiresAt: null });
    expect(await world.json("alice", "channel", "top-up", channelId, "5", "--test-money")).toMatchObject({
      funds: "15000000",
    });
    const first = await world.stoa("alice", ["channel", "pay", channelId, "2"]);
    const second = await world.stoa("alice", ["channel", "pay", channelId, "0.5"]);
    expect(second.stderr).toContain("0.5 tUSD on top of 2 tUSD: 2.5 tUSD in all, 12.5 tUSD left");
    expect(JSON.parse(second.stdout)).toMatchObject({ channelId, amount: "2500000" });
    expect(await world.json("alice", "channel", "show", channelId)).toMatchObject({
      state: "open",
      redeemed: "0",
      signed: "2500000",
    });
    const redeemed = await world.stoa("bob", ["channel", "redeem", "-", "--json"], {
      stdin: second.stdout + first.stdout,
    });
    expect(JSON.parse(redeemed.stdout)).toMatchObject({ paid: [{ channelId, amount: "2500000" }], skipped: [] });
    expect(await world.json("bob", "channel", "withdraw")).toMatchObject({ owner: bob, amount: "2500000" });
    const last = await world.stoa("alice", ["channel", "pay", channelId, "1.5"]);
    await writeFile(join(world.folder, "voucher.json"), last.stdout);
    const before = await holds(bob);
    const closed = await world.json("bob", "channel", "close", channelId, "--voucher", "voucher.json");
    expect(closed).toMatchObject({ state: "closed", paid: "1500000" });
    expect(await holds(bob)).toBe(before + 1_500_000n);
    expect(await world.json("alice", "channel", "withdraw")).toMatchObject({ amount: "11000000" });
    expect(await world.error("alice", "channel", "pay", channelId, "1")).toMatchObject({ code: "wrong_state" });
    expect(await world.error("bob", "channel", "close", channelId)).toMatchObject({ code: "wrong_state" });
  });

  it("are closed by the payer after the delay it gives the payee", async () => {
    const open = ["channel", "open", bob, "3", "--close-delay", "1h", "--test-money"];
    const { channelId } = await world.json<{ channelId: string }>("alice", ...open);
    expect(await world.json("alice", "channel", "close", channelId)).toMatchObject({ state: "closing" });
    expect(await world.error("alice", "channel", "close", channelId)).toMatchObject({
      code: "wrong_state",
      message: expect.stringContaining("can be closed from"),
    });
    await world.later(3_601);
    const closed = await world.stoa("alice", ["channel", "close", channelId]);
    expect(closed.stdout).toContain(`closed: 3 tUSD are credited to ${alice}`);
    expect(await world.json("alice", "channel", "withdraw")).toMatchObject({ amount: "3000000" });
  });

  it("sign away no more than they hold, and by nobody else's key", async () => {
    const open = ["channel", "open", bob, "1", "--test-money"];
    const { channelId } = await world.json<{ channelId: string }>("alice", ...open);
    expect(await world.error("alice", "channel", "pay", channelId, "1.01")).toMatchObject({
      code: "insufficient_funds",
      message: expect.stringContaining(`stoa channel top-up ${channelId}`),
    });
    expect(await world.error("bob", "channel", "pay", channelId, "1")).toMatchObject({ code: "invalid_configuration" });
    const forged = { channelId, amount: "1000000", signature: `0x${"11".repeat(64)}1b` };
    const refused = await world.stoa("bob", ["channel", "redeem", "-"], { stdin: JSON.stringify(forged) });
    expect([refused.code, refused.stdout]).toEqual([1, expect.stringMatching(/refused WrongSigner/)]);
    expect(await world.error("bob", "channel", "top-up", channelId, "1", "--test-money")).toMatchObject({
      code: "forbidden",
    });
    expect(await world.json("bob", "channel", "show", channelId)).toMatchObject({ redeemed: "0", signed: null });
    expect(await world.error("alice", "channel", "show", `0x${"00".repeat(32)}`)).toMatchObject({ code: "not_found" });
  });
});

describe("entitlements", () => {
  it("are listed, bought, used, returned, and paid to the seller once they are final", async () => {
    const { agentId: id } = await registerAgent(await world.senderOf("bob"), {
      registry: world.book.identity,
      uri: "ipfs://agent",
    });
    const agentId = String(id);
    const unlisted = await world.stoa("alice", ["entitlement", "show", agentId]);
    expect(unlisted.stderr).toContain(`stoa entitlement list ${agentId}`);
    const terms = ["--price", "10", "--duration", "30d", "--supply", "2", "--uri", "ipfs://\u001B[2J"];
    expect(await world.json("bob", "entitlement", "list", agentId, ...terms)).toMatchObject({
      agentId,
      version: "1",
      price: "10000000",
      durationSeconds: 30 * DAY,
    });
    expect(await world.error("alice", "entitlement", "buy", agentId, "--max-price", "9.99")).toMatchObject({
      code: "invalid_price",
    });
    const buy = ["entitlement", "buy", agentId, "--max-price", "10", "--test-money"];
    expect(await world.json("alice", ...buy)).toMatchObject({ holder: alice, hasAccess: true, isFinal: false });
    const shown = await world.stoa("alice", ["entitlement", "show", agentId]);
    expect(shown.stdout).toMatch(/has access until .*, and may still return it/);
    expect(shown.stdout).toContain("ipfs://\uFFFD[2J");
    expect(await world.json("alice", "entitlement", "refund", agentId)).toMatchObject({ hasAccess: false });
    expect(await world.error("alice", "entitlement", "refund", agentId)).toMatchObject({ code: "wrong_state" });
    expect(await world.error("bob", "entitlement", "withdraw")).toMatchObject({ code: "wrong_state" });
    const carol = await world.person("carol");
    await world.json("carol", ...buy);
    await world.later(DAY + 1);
    await world.json("bob", "entitlement", "release", agentId, carol);
    expect(await world.json("bob", "entitlement", "withdraw")).toMatchObject({ owner: bob, amount: "9800000" });
    await world.json("bob", "entitlement", "unlist", agentId);
    expect(await world.error("alice", "entitlement", "buy", agentId, "--max-price", "10")).toMatchObject({
      code: "not_found",
    });
  });

  it("are not bought in another token than the market's", async () => {
    const sender = await world.senderOf("bob");
    const { agentId } = await registerAgent(sender, { registry: world.book.identity, uri: "" });
    const money = { token: await tokenAlike(), price: 1n, supplyCap: 1n };
    const terms = { ...money, durationSeconds: null, refundWindowSeconds: DAY, uri: "" };
    await listAccess(sender, { sale: world.book.entitlements, agentId, terms });
    expect(await world.error("alice", "entitlement", "buy", String(agentId), "--max-price", "10")).toMatchObject({
      code: "invalid_price",
    });
  });

  it("are listed by an agent's owner alone", async () => {
    const { agentId } = await registerAgent(await world.senderOf("bob"), { registry: world.book.identity, uri: "" });
    expect(await world.error("alice", "entitlement", "list", String(agentId), "--price", "1")).toMatchObject({
      code: "chain_rejected",
      message: expect.stringContaining("OnlyAgentOwner"),
    });
  });
});

describe("the address book", () => {
  it("is the local market's own for whoever has a profile of that market, and its chain too", async () => {
    const data = join(world.folder, "local");
    await Promise.all(["demo", "chain"].map((name) => mkdir(join(data, name), { recursive: true })));
    await copyFile(join(world.folder, "book.json"), join(data, "chain", "addresses.json"));
    const demo = { url: "http://127.0.0.1:9", rpcUrl: world.anvil.rpcUrl };
    await writeFile(join(data, "demo", "profile.json"), JSON.stringify(demo));
    const list = async (url: string) => {
      const args = ["escrow", "list", "--party", nobody, "--url", url, "--json"];
      return world.stoa("visitor", args, { env: { STOA_DATA: data } });
    };
    expect(JSON.parse((await list("http://127.0.0.1:9/")).stdout)).toEqual({ items: [], all: 0 });
    expect((await list("http://127.0.0.1:10")).stderr).toContain("no chain is named: give --rpc");
  });

  it("is asked for by name when the home has none, and refused when it is another chain's", async () => {
    const args = ["escrow", "list", "--party", nobody, "--rpc", world.anvil.rpcUrl];
    const lost = await world.error("nowhere", ...args);
    expect(lost.message).toMatch(/no address book of chain 31337 at .*nowhere.chains.31337\.json: name it with --book/);
    expect(await world.json("nowhere", ...args, "--book", join(world.folder, "book.json"))).toEqual({
      items: [],
      all: 0,
    });
    const other = await world.error("nowhere", ...args, "--chain-id", "8453");
    expect(other.message).toContain("is chain 31337, expected 8453");
    const foreign = { chainId: 8_453, contracts: {}, rolesTxHash: null };
    await writeFile(join(world.folder, "foreign.json"), JSON.stringify(foreign));
    const refused = await world.error("nowhere", ...args, "--book", join(world.folder, "foreign.json"));
    expect(refused.message).toContain("is of chain 8453, this is chain 31337");
  });
});
