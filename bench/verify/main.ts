// Checking a round's public record without solving, beside clearing the round once.
import { parseArgs } from "node:util";
import { buildRecord, clearRound, roundMarket, verifyRecord } from "@stoa/core";
import { signedRound } from "@stoa/core/tests/signed-round";
import { printReport } from "../report.ts";
import { roundPlan } from "./round-plan.ts";

const NODES = 100;
const BIDS_PER_TASK = 25;
/** What is checked of the outcome itself, as against signatures, roots and hashes: one look at each bid. */
const OF_THE_OUTCOME = new Set(["weights", "allocation", "certificate", "prices"]);

const { values } = parseArgs({
  options: {
    json: { type: "boolean" },
    tasks: { type: "string", default: "125,250,500,1000" },
    runs: { type: "string", default: "3" },
  },
});
const runs = Number(values.runs);

/** Processor time, which a busy machine does not lengthen as it does the clock's. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

interface Times {
  whole: number;
  outcome: number;
  signatures: number;
}

async function verify(record: unknown, payments: boolean): Promise<Times> {
  const times = { whole: 0, outcome: 0, signatures: 0 };
  let last = cpuMs();
  const { ok, firstFailure } = await verifyRecord(record, {
    payments,
    onCheck({ name }) {
      const now = cpuMs();
      times.whole += now - last;
      if (OF_THE_OUTCOME.has(name)) times.outcome += now - last;
      else if (name !== "payments") times.signatures += now - last;
      last = now;
    },
  });
  if (!ok) throw new Error(`the record does not check out: ${JSON.stringify(firstFailure)}`);
  return times;
}

async function fastest<T>(measure: () => T | Promise<T>, of: (value: T) => number): Promise<T> {
  const all: T[] = [];
  for (let run = 0; run < runs; run += 1) all.push(await measure());
  return all.reduce((best, value) => (of(value) < of(best) ? value : best));
}

async function measure(tasks: number) {
  const slots = Math.ceil(tasks / NODES);
  const inputs = await signedRound(roundPlan({ tasks, nodes: NODES, bidsPerTask: BIDS_PER_TASK, slots }));
  const { record } = buildRecord(inputs);
  const { market, seed } = roundMarket(inputs);
  const clearing = await fastest(
    () => {
      const startedAt = cpuMs();
      clearRound(market, seed);
      return cpuMs() - startedAt;
    },
    (ms) => ms,
  );
  const plain = await fastest(
    () => verify(record, false),
    ({ whole }) => whole,
  );
  const paid = await verify(record, true);
  return { tasks, bids: market.edges.length, answers: tasks * NODES, clearing, plain, paid };
}

// One small run first: compiled code is the steady state.
await measure(100);
const measured: Awaited<ReturnType<typeof measure>>[] = [];
for (const tasks of values.tasks.split(",").map(Number)) measured.push(await measure(tasks));
const last = measured.at(-1)!;
const first = measured[0]!;
/** By which power of the bids a time grows: 1 is in proportion. */
const power = (of: (row: typeof last) => number) => Math.log(of(last) / of(first)) / Math.log(last.bids / first.bids);
const growth = {
  outcome: power(({ plain }) => plain.outcome),
  signatures: power(({ plain }) => plain.signatures),
  clearing: power(({ clearing }) => clearing),
};

printReport({
  name: "verify",
  title: "Checking a round's public record without solving, beside clearing it once (CPU ms)",
  columns: [
    "tasks",
    "bids",
    "outcome",
    "µs a bid",
    "signatures, roots",
    "µs an answer",
    "with payments",
    "one clearing",
    "clearing / outcome",
  ],
  rows: measured.map(({ tasks, bids, answers, plain, paid, clearing }) => [
    tasks,
    bids,
    plain.outcome,
    (plain.outcome / bids) * 1_000,
    plain.signatures,
    (plain.signatures / answers) * 1_000,
    paid.whole,
    clearing,
    clearing / plain.outcome,
  ]),
  figures: {
    outcomeMs: last.plain.outcome,
    outcomeMicrosPerBid: (last.plain.outcome / last.bids) * 1_000,
    signaturesMicrosPerAnswer: (last.plain.signatures / last.answers) * 1_000,
    clearingMs: last.clearing,
    withPaymentsMs: last.paid.whole,
  },
  ratios: {
    clearingToOutcome: last.clearing / last.plain.outcome,
    outcomeGrowthPower: growth.outcome,
    signaturesGrowthPower: growth.signatures,
    clearingGrowthPower: growth.clearing,
  },
  notes: [
    `${NODES} nodes, ${BIDS_PER_TASK} of them bid for each task, each answers every task; as many slots as tasks; fastest of ${runs}.`,
    "Outcome: weights, allocation, certificate of optimality and prices. Signatures: those of orders, sheets, links and versions, with the roots over all answers, the record's shape and its hash.",
    `From ${first.bids.toLocaleString("en")} to ${last.bids.toLocaleString("en")} bids the outcome's time grows as their power ${growth.outcome.toFixed(2)}, the signatures' as ${growth.signatures.toFixed(2)}, a clearing's as ${growth.clearing.toFixed(2)}.`,
  ],
});
