import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { anchoredHead } from "@stoa/chain";
import { until, wallets } from "@stoa/local";
import { type Hash, hashJson, type PublishedRound, type RoundRecord } from "@stoa/protocol";
import { openAnchors } from "@stoa/sdk";
import { type Database, openDatabase } from "@stoa/store";
import { type PostgresServer, startPostgres } from "@stoa/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type BootedMarket, bootMarket, PATIENCE_MS } from "./boot-market.ts";
import { type Errand, order, patientClient, seeThrough } from "./requester.ts";
import { runStoa } from "./run-stoa.ts";

const CAPABILITY = "text.language";
const ANCHOR_SECONDS = 4;

const errand: Errand = {
  capability: CAPABILITY,
  input: { text: "What is written on the chain is written in stone." },
  does: "accept",
  ends: "settled",
};

/** Ends last what was started first, whatever fails on the way. */
const started = new AsyncDisposableStack();
let postgres: PostgresServer;
let booted: BootedMarket;
let database: Database;

beforeAll(async () => {
  postgres = started.use(await startPostgres());
  const databaseUrl = await postgres.createDatabase("market");
  booted = started.use(await bootMarket({ databaseUrl, serverEnv: { STOA_ANCHOR_SECONDS: String(ANCHOR_SECONDS) } }));
  database = started.use(await openDatabase({ url: databaseUrl }));
}, 2 * PATIENCE_MS);

afterAll(() => started.disposeAsync(), 2 * PATIENCE_MS);

const client = () => booted.market.client;
const segment = () => ({
  operator: wallets.operator.address,
  vault: booted.market.book.vault,
  segment: CAPABILITY,
});
const headOnChain = () => anchoredHead(booted.market.chain, booted.market.book.anchors, segment());

/** Has a task done; its round. */
async function runRound(): Promise<Hash> {
  const patient = patientClient(booted.market.url);
  const task = await seeThrough(booted.market, patient, errand, await order(patient, errand));
  return task.award!.roundId;
}

function untilAnchored(roundId: Hash) {
  return until(`round ${roundId} to be anchored`, PATIENCE_MS, async () => (await client().rounds.get(roundId)).anchor);
}

it(
  "a round's hash is anchored on chain, with all the rounds before it, and anyone can check that it is",
  async () => {
    const first = await runRound();
    const anchor = await untilAnchored(first);
    expect(await headOnChain()).toMatchObject({ head: anchor.head, txHash: anchor.txHash, position: anchor.position });
    const { record } = await client().rounds.verify(first, { anchored: true });
    expect(record).toMatchObject({ ok: true });
    expect(record.checks.map(({ name }) => name)).toEqual(expect.arrayContaining(["anchor", "anchored"]));
    const second = await runRound();
    const later = await untilAnchored(second);
    expect(later.position).toBeGreaterThan(anchor.position);
    expect(await client().rounds.verify(second, { anchored: true })).toMatchObject({ ok: true });
    const anchors = await openAnchors(booted.market.rpcUrl).list(segment());
    expect(anchors.map(({ head }) => head)).toEqual([later.head, anchor.head]);
    const chain = await client().rounds.verifyChain(CAPABILITY, { anchored: true });
    expect(chain).toMatchObject({ ok: true, head: later.head, rounds: later.position });
  },
  3 * PATIENCE_MS,
);

it(
  "the command line checks anchors, whole chains, and saved records without the market",
  async () => {
    const [round] = (await client().rounds.list({ capability: CAPABILITY, state: "closed" })).items;
    const { id, outcomeHash } = round!;
    const verified = await runStoa(booted, ["round", "verify", id, "--anchored", "--payments"]);
    expect(verified).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/✓ anchored .*\n(.*\n)*round 0x\w+ checks out/),
    });
    expect((await runStoa(booted, ["round", "chain", CAPABILITY, "--anchored"])).stdout).toMatch(
      /✓ anchors .*lie under an anchor/,
    );
    expect((await runStoa(booted, ["round", "show", id])).stdout).toMatch(/anchor +block \d+ by 0x/);
    const { stdout: saved } = await runStoa(booted, ["round", "save", id]);
    const folder = await mkdtemp(join(tmpdir(), "stoa-saved-"));
    try {
      const file = join(folder, "round.json");
      await writeFile(file, saved);
      const nowhere = ["--url", "http://127.0.0.1:1"];
      const expected = ["--expect", outcomeHash!];
      expect(await runStoa(booted, ["round", "verify", file, ...expected, ...nowhere, "--payments"])).toMatchObject({
        code: 0,
      });
      expect(await runStoa(booted, ["round", "verify", "-", ...nowhere], saved)).toMatchObject({ code: 0 });
      const published = JSON.parse(saved) as PublishedRound;
      published.record.body.outcome.awards[0]!.price = "1";
      const altered = await runStoa(booted, ["round", "verify", "-", ...nowhere, "--json"], JSON.stringify(published));
      expect(altered.code).toBe(1);
      expect(JSON.parse(altered.stdout)).toMatchObject({ ok: false, record: { firstFailure: { name: "prices" } } });
      const other = await runStoa(booted, ["round", "verify", file, "--expect", hashJson("another"), ...nowhere]);
      expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining("hashes") });
      const { sheet, receipt: signature } = published.record.body.nodes.find((node) => node.sheet)!.sheet!;
      const { roundId, node, answersRoot } = sheet;
      await writeFile(`${file}.receipt`, JSON.stringify({ receipt: { roundId, node, answersRoot }, signature }));
      const receipted = await runStoa(booted, ["round", "verify", id, "--receipt", `${file}.receipt`]);
      expect(receipted).toMatchObject({ code: 0, stdout: expect.stringMatching(/✓ receipt/) });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  2 * PATIENCE_MS,
);

it(
  "a server killed between sending an anchor and recording it finds it again, and anchors once",
  async () => {
    const { market } = booted;
    const before = (await headOnChain())!.head;
    const roundId = await runRound();
    // The chain has it at once; the server records it at its next look.
    const anchored = await until("the chain to have the new head", PATIENCE_MS, async () => {
      const head = await headOnChain();
      return head && head.head !== before ? head : null;
    });
    await market.server.kill();
    const rows = await database.query("select 1 from anchors where head = $1", [anchored.head]);
    expect(rows, "killed before it was recorded").toEqual([]);
    await market.restartServer();
    expect(await untilAnchored(roundId)).toMatchObject({ head: anchored.head, txHash: anchored.txHash });
    const heads = (await openAnchors(market.rpcUrl).list(segment())).map(({ head }) => head);
    expect(heads.filter((head) => head === anchored.head).length).toBe(1);
    expect(heads[1]).toBe(before);
  },
  3 * PATIENCE_MS,
);

it(
  "what the database lost of its anchors is read from the chain again, and what the chain does not have is forgotten",
  async () => {
    const recorded = () =>
      database.query<{ head: Hash; position: bigint }>(
        "select head, position from anchors where capability = $1 order by position",
        [CAPABILITY],
      );
    const before = await recorded();
    await database.query("delete from anchors where capability = $1 and head = $2", [CAPABILITY, before.at(-1)!.head]);
    await until("the lost anchor", PATIENCE_MS, async () => (await recorded()).length === before.length);
    expect(await recorded()).toEqual(before);
    // As after a chain that forgot its last blocks: a row that the chain knows nothing of.
    await database.query(
      `update anchors set head = $3, position = position + 1000 where capability = $1 and head = $2`,
      [CAPABILITY, before.at(-1)!.head, hashJson("never anchored")],
    );
    await runRound();
    const after = await until("the anchors as the chain has them", PATIENCE_MS, async () => {
      const rows = await recorded();
      return rows.length > before.length ? rows : null;
    });
    const chain = (await openAnchors(booted.market.rpcUrl).list(segment())).map(({ head }) => head).reverse();
    expect(after.map(({ head }) => head)).toEqual(chain);
  },
  3 * PATIENCE_MS,
);

it(
  "a record that is swapped after it was anchored is caught, though it is right in itself",
  async () => {
    const [round] = (await client().rounds.list({ capability: CAPABILITY, state: "closed" })).items;
    const roundId = round!.id;
    const { record } = await client().rounds.record(roundId);
    const swapped: RoundRecord = structuredClone(record);
    swapped.body.close.at += 1;
    swapped.outcomeHash = hashJson(swapped.body);
    const put = ({ outcomeHash, ...rest }: RoundRecord) =>
      database.query("update rounds set record = $2::jsonb, outcome_hash = $3 where id = $1", [
        roundId,
        JSON.stringify({ outcomeHash, ...rest }),
        outcomeHash,
      ]);
    await put(swapped);
    expect(await client().rounds.verify(roundId, { payments: true })).toMatchObject({ ok: true });
    expect((await client().rounds.verify(roundId, { anchored: true })).record.firstFailure).toMatchObject({
      name: "anchored",
    });
    const chain = await client().rounds.verifyChain(CAPABILITY, { anchored: true });
    expect(chain.firstFailure).toMatchObject({
      name: "anchors",
      detail: expect.stringContaining(record.outcomeHash),
    });
    const expected = { outcomeHash: record.outcomeHash };
    expect((await client().rounds.verify(roundId, expected)).record.firstFailure?.name).toBe("hashes");
    await put(record);
    expect(await client().rounds.verifyChain(CAPABILITY, { anchored: true })).toMatchObject({ ok: true });
    // One in the middle is named by the round that follows it.
    const middle = (await client().rounds.chain(CAPABILITY)).items[1]!;
    const { record: old } = await client().rounds.record(middle.roundId);
    await database.query("update rounds set outcome_hash = $2 where id = $1", [middle.roundId, hashJson("swapped")]);
    const broken = await client().rounds.verifyChain(CAPABILITY);
    expect(broken.firstFailure).toMatchObject({ name: "links", detail: expect.stringContaining(old.outcomeHash) });
    await database.query("update rounds set outcome_hash = $2 where id = $1", [middle.roundId, old.outcomeHash]);
  },
  2 * PATIENCE_MS,
);
