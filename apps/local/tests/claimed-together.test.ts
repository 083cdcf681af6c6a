import { challengeClaim, claimBatchesOf, createSender, ruleClaim, vaultAbi } from "@stoa/chain";
import { until, wallets } from "@stoa/local";
import type { Hash, Task } from "@stoa/protocol";
import { parseEventLogs } from "viem";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type BootedMarket, bootMarket, PATIENCE_MS } from "./boot-market.ts";
import { order, patientClient } from "./requester.ts";
import { problemsAfterKill } from "./run-stoa.ts";

/** Long enough to be challenged in by whoever is slow. */
const CHALLENGE_SECONDS = 30;
const TASKS = 3;

let booted: BootedMarket;

beforeAll(
  async () =>
    void (booted = await bootMarket({
      challengeWindowSeconds: CHALLENGE_SECONDS,
      serverEnv: { STOA_APPROVAL_SECONDS: "2" },
    })),
  2 * PATIENCE_MS,
);

afterAll(() => booted?.[Symbol.asyncDispose](), 2 * PATIENCE_MS);

const isClaimed = ({ settlement }: Task) => settlement?.kind === "claim" && settlement.state === "claimed";

it(
  "tasks whose requester never answers are paid by batches of claims, a challenged one is not, and a server killed between claim and payment loses nothing",
  async () => {
    const { chain, book } = booted.market;
    const client = patientClient(booted.market.url);
    const reach = (taskId: Hash, what: string, is: (task: Task) => boolean) =>
      until(`${taskId} to be ${what}`, 2 * PATIENCE_MS, async () => is(await client.tasks.get(taskId)));
    const errand = { capability: "text.language", does: "nothing", ends: "settled" } as const;
    const ordered = Array.from({ length: TASKS }, (_, i) =>
      order(client, { ...errand, input: { text: `Nobody ever answers number ${i}.` } }),
    );
    const [challenged, ...silent] = (await Promise.all(ordered)) as [Hash, ...Hash[]];
    await reach(challenged, "claimed", isClaimed);
    await challengeClaim(createSender(chain, wallets.requester), { vault: book.vault, orderHash: challenged });
    for (const taskId of silent) await reach(taskId, "claimed", isClaimed);

    await booted.market.server.kill();
    await booted.market.restartServer();
    for (const taskId of silent) await reach(taskId, "paid", ({ settlement }) => settlement?.state === "confirmed");
    expect((await client.tasks.get(challenged)).state).toBe("delivered");
    await ruleClaim(createSender(chain, wallets.arbiter), { vault: book.vault, orderHash: challenged, pay: false });
    await reach(challenged, "refunded", ({ outcome }) => outcome?.kind === "unpaid");
    expect(await problemsAfterKill(booted)).toEqual([]);

    const fromBlock = BigInt(book.deployedAtBlock);
    const logs = await chain.client.getLogs({ address: book.vault, fromBlock });
    const paid = parseEventLogs({ abi: vaultAbi, logs, eventName: ["ClaimSettled"] });
    expect(paid.map(({ args }) => args.orderHash).toSorted()).toEqual(silent.toSorted());
    const claimed = parseEventLogs({ abi: vaultAbi, logs, eventName: ["Claimed"] });
    expect(
      claimed.map(({ args }) => args.orderHash),
      "only what is challenged is locked",
    ).toEqual([challenged]);
    expect(await claimBatchesOf(chain, book.vault)).toBe(book.claimBatches);
  },
  8 * PATIENCE_MS,
);
