import { until } from "@stoa/local";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type BootedMarket, bootMarket, PATIENCE_MS } from "./boot-market.ts";
import { act, type Errand, order, patientClient } from "./requester.ts";

const errand: Errand = {
  capability: "text.language",
  input: { text: "What is gathered is paid all the same." },
  does: "accept",
  ends: "settled",
};
/** Time enough to be done and accepted in, and soon over. */
const HURRIED = { ...errand, deliverInSeconds: 30 };
const LONGER_THAN_THE_TEST = "86400";

/** Ends last what was started first, whatever fails on the way. */
const started = new AsyncDisposableStack();
const serverEnv = { STOA_SETTLE_SECONDS: LONGER_THAN_THE_TEST };
let booted: BootedMarket;

beforeAll(async () => void (booted = started.use(await bootMarket({ serverEnv }))), 2 * PATIENCE_MS);

afterAll(() => started.disposeAsync(), 2 * PATIENCE_MS);

it(
  "settlements wait for each other when an operator gathers them, but for those whose task is past its deadline",
  async () => {
    const client = patientClient(booted.market.url);
    const settle = async (what: Errand) => {
      const taskId = await order(client, what);
      await until(`${taskId} to be settled`, PATIENCE_MS, async () => {
        const task = await client.tasks.get(taskId);
        await act(booted.market, client, what, task);
        return task.state === "settled";
      });
      return taskId;
    };
    const stateOf = async (taskId: `0x${string}`) => (await client.tasks.get(taskId)).settlement?.state;
    const [gathered, hurried] = [await settle(errand), await settle(HURRIED)];
    await until("the hurried one to be paid", PATIENCE_MS, async () => (await stateOf(hurried)) === "confirmed");
    expect(await stateOf(gathered)).toBe("pending");
    serverEnv.STOA_SETTLE_SECONDS = "0";
    await booted.startAgain();
    await until("the gathered one to be paid", PATIENCE_MS, async () => {
      return (await patientClient(booted.market.url).tasks.get(gathered)).settlement?.state === "confirmed";
    });
  },
  4 * PATIENCE_MS,
);
