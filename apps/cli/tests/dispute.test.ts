import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Address, hashBytes } from "@stoa/protocol";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ContractWorld, startContractWorld } from "./contract-world.ts";

const DAY = 86_400;
const NODE: Address = "0x00000000000000000000000000000000000040De";
const JUDGES = ["judge-a", "judge-b", "judge-c"];
const COMPLAINT = ["--uri", "https://evidence.example/complaint", "--file", "complaint.md"];

let world: ContractWorld;
let alice: Address;
let bob: Address;

beforeAll(async () => {
  world = await startContractWorld();
  [alice, bob] = await Promise.all([world.person("alice"), world.person("bob")]);
  await writeFile(join(world.folder, "complaint.md"), "It is no translation.");
  for (const judge of JUDGES) {
    await world.person(judge);
    await world.json(judge, "dispute", "join", "200", "--test-money");
  }
  await world.json("bob", "stake", "add", NODE, "50", "--test-money");
});
afterAll(() => world[Symbol.asyncDispose]());

/** An escrow of 100 and its fee, delivered by Bob. */
async function delivered(): Promise<string> {
  const hash = hashBytes(Buffer.from("anything"));
  const fund = ["escrow", "fund", bob, "100", "--task-hash", hash, "--node", NODE, "--test-money"];
  const { escrowId } = await world.json<{ escrowId: string }>("alice", ...fund);
  await world.json("bob", "escrow", "deliver", escrowId, "--result-hash", hash);
  return escrowId;
}

async function open(...more: string[]): Promise<{ disputeId: string; escrowId: string }> {
  const escrowId = await delivered();
  const args = ["dispute", "open", escrowId, ...COMPLAINT, "--test-money", ...more];
  const { disputeId } = await world.json<{ disputeId: string }>("alice", ...args);
  return { disputeId, escrowId };
}

const advance = (disputeId: string) => world.json<{ phase: string }>("alice", "dispute", "advance", disputeId);

it("is opened, answered, judged by drawn arbitrators and ruled: money back, stake slashed, bond returned", async () => {
  const { disputeId, escrowId } = await open("--keep", "0");
  expect(await world.json("bob", "escrow", "show", escrowId)).toMatchObject({ state: "held" });
  const defence = ["--uri", "https://evidence.example/\u001B[2Jdefence", "--hash", hashBytes(Buffer.from("defence"))];
  await world.json("bob", "dispute", "answer", disputeId, "--keep", "100", ...defence, "--test-money");
  await world.json("alice", "dispute", "evidence", disputeId, ...COMPLAINT);
  const { evidence } = await world.json<{ evidence: object[] }>("judge-a", "dispute", "show", disputeId);
  expect(evidence).toMatchObject([
    { by: alice, uri: COMPLAINT[1], contentHash: hashBytes(Buffer.from("It is no translation.")) },
    { by: bob, uri: defence[1] },
    { by: alice, uri: COMPLAINT[1] },
  ]);
  const shown = await world.stoa("bob", ["dispute", "show", disputeId]);
  expect(shown.stdout).not.toContain("\u001B");
  expect(shown.stderr).toContain("stoa dispute evidence");
  expect(await world.error("alice", "dispute", "advance", disputeId)).toMatchObject({
    code: "wrong_state",
    message: expect.stringContaining(`dispute ${disputeId} is evidence until`),
  });
  await world.later(2 * DAY);
  expect(await advance(disputeId)).toMatchObject({ phase: "drawing", phaseEndsAt: null });
  await world.mine(5);
  expect(await advance(disputeId)).toMatchObject({ phase: "accepting" });

  const panel = await seated(disputeId);
  for (const judge of panel) {
    const committed = await world.json<{ file: string }>(judge, "dispute", "commit", disputeId, "opener");
    expect(JSON.parse(await readFile(committed.file, "utf8"))).toMatchObject({ disputeId, choice: "opener" });
    expect(await world.error(judge, "dispute", "commit", disputeId, "opener")).toMatchObject({ code: "wrong_state" });
  }
  expect(await world.error("alice", "dispute", "commit", disputeId, "opener")).toMatchObject({ code: "forbidden" });
  await world.later(DAY);
  await advance(disputeId);
  expect(await advance(disputeId)).toMatchObject({ phase: "revealing" });
  for (const judge of panel) {
    expect(await world.json(judge, "dispute", "reveal", disputeId)).toMatchObject({ choice: "opener" });
  }
  expect(await advance(disputeId)).toMatchObject({ phase: "appealing" });
  await world.later(DAY);
  expect(await advance(disputeId)).toMatchObject({ phase: "closed", winner: "opener" });

  expect(await world.error("bob", "dispute", "execute", disputeId)).toMatchObject({ code: "wrong_state" });
  expect(await world.json("alice", "escrow", "withdraw")).toMatchObject({ amount: "102000000" });
  // A tenth of what is refunded.
  expect(await world.json("bob", "stake", "show", NODE)).toMatchObject({ staked: "39800000" });
  // Her bond of nine, and what three fees of two leave of Bob's.
  expect(await world.json("alice", "dispute", "withdraw")).toMatchObject({ amount: "12000000" });
  let earned = 0n;
  for (const judge of panel) {
    const collected = await world.json<{ back: string; earned: string }>(judge, "dispute", "collect", disputeId);
    earned += BigInt(collected.earned);
    expect(BigInt(collected.back)).toBe(BigInt(collected.earned) * 10n);
    expect(await world.error(judge, "dispute", "collect", disputeId)).toMatchObject({ code: "wrong_state" });
  }
  expect(earned).toBe(6_000_000n);
});

it("ends by silence or by a concession, without arbitrators", async () => {
  const silent = await open("--keep", "50");
  await world.later(DAY);
  expect(await advance(silent.disputeId)).toMatchObject({ phase: "closed", winner: "opener" });
  const given = await open();
  expect(await world.json("alice", "dispute", "concede", given.disputeId)).toMatchObject({ winner: "respondent" });
  expect(await world.json("bob", "escrow", "withdraw")).toMatchObject({ amount: "150000000" });
});

it("is decided anew by a larger panel when the loser appeals and the other side matches its bond", async () => {
  const { disputeId } = await open();
  await world.json("bob", "dispute", "answer", disputeId, ...COMPLAINT, "--test-money");
  await world.later(2 * DAY);
  await advance(disputeId);
  await world.mine(5);
  await advance(disputeId);
  const [drawn = ""] = await seated(disputeId);
  await world.json(drawn, "dispute", "decline", disputeId);
  expect(await world.error(drawn, "dispute", "commit", disputeId, "opener")).toMatchObject({ code: "forbidden" });
  // Nobody commits, so the panel decides for neither side.
  for (let phase = "accepting"; phase !== "appealing";) {
    await world.later(DAY);
    await world.mine(5);
    phase = (await advance(disputeId)).phase;
  }
  expect(await world.error("alice", "dispute", "appeal", disputeId, "--match")).toMatchObject({ code: "wrong_state" });
  const appeal = ["dispute", "appeal", disputeId, "--test-money"];
  expect(await world.json("bob", ...appeal)).toMatchObject({ phase: "matching", bond: "21000000" });
  expect(await world.json("alice", ...appeal, "--match")).toMatchObject({ round: 1, bond: "21000000" });
  const shown = await world.stoa("alice", ["dispute", "show", disputeId]);
  expect(shown.stdout).toMatch(/a bond of 21 tUSD each side/);
});

it("lets an arbitrator leave with its stake, after the court's delay", async () => {
  await world.person("guest");
  await world.json("guest", "dispute", "join", "40", "--test-money");
  expect(await world.error("guest", "dispute", "leave", "41")).toMatchObject({ code: "insufficient_funds" });
  expect(await world.json("guest", "dispute", "leave")).toMatchObject({ amount: "40000000" });
  expect(await world.error("guest", "dispute", "leave", "--complete")).toMatchObject({ code: "wrong_state" });
  await world.later(7 * DAY);
  expect(await world.json("guest", "dispute", "leave", "--complete")).toMatchObject({ amount: "40000000" });
});

it("is opened only over what was delivered, with evidence that arbitrators can find", async () => {
  expect(await world.error("alice", "dispute", "show", "99")).toMatchObject({ code: "not_found" });
  const escrowId = await delivered();
  const nowhere = await world.error("alice", "dispute", "open", escrowId, "--file", "complaint.md");
  expect(nowhere.message).toContain("say where it is with --uri");
  await world.json("alice", "escrow", "release", escrowId);
  const over = await world.error("alice", "dispute", "open", escrowId, ...COMPLAINT);
  expect(over).toMatchObject({ code: "wrong_state", message: expect.stringContaining("is released") });
});

/** The judges that were drawn. */
async function seated(disputeId: string): Promise<string[]> {
  const seats = await Promise.all(
    JUDGES.map((judge) => world.json<{ ownSeats: object | null }>(judge, "dispute", "show", disputeId)),
  );
  const found = JUDGES.filter((_, index) => seats[index]?.ownSeats !== null);
  expect(found.length).toBeGreaterThan(0);
  return found;
}
