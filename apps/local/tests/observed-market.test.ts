import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { traceOfTask } from "@stoa/host";
import { until, wallets } from "@stoa/local";
import type { Hash } from "@stoa/protocol";
import {
  findPrometheus,
  type Prometheus,
  startPrometheus,
  startTraceCollector,
  type TraceCollector,
} from "@stoa/testkit/observers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BootedMarket, bootMarket, PATIENCE_MS } from "./boot-market.ts";
import { order, patientClient, seeThrough } from "./requester.ts";

const DEPLOY = join(import.meta.dirname, "..", "..", "..", "deploy");
const found = findPrometheus();

let collector: TraceCollector;
let booted: BootedMarket;
let taskId: Hash;

beforeAll(async () => {
  collector = await startTraceCollector();
  const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint };
  booted = await bootMarket({ serverEnv: tracing, nodeEnv: tracing });
  const client = patientClient(booted.market.url, wallets.requester);
  const errand = {
    capability: "text.language",
    input: { text: "Die Sonne scheint, und das Meer ist ruhig und blau." },
    does: "accept",
    ends: "settled",
  } as const;
  taskId = await order(client, errand);
  await seeThrough(booted.market, client, errand, taskId);
}, 3 * PATIENCE_MS);

afterAll(async () => {
  await booted?.[Symbol.asyncDispose]();
  await collector?.[Symbol.asyncDispose]();
}, 2 * PATIENCE_MS);

describe("a task's trace", () => {
  const ways = ["POST /api/v1/tasks", "lane", "task", "auction", "dispatch", "execute", "run", "approve", "settle"];
  const spansOfTask = () => collector.spans.filter(({ attributes }) => attributes["stoa.task"] === taskId);

  it("follows it from its order over HTTP through lane, auction, node and approval to its payment on chain", async () => {
    await until("the whole trace to have come", PATIENCE_MS, async () =>
      ways.every((name) => spansOfTask().some((span) => span.name === name)),
    );
    const { traceId, spanId } = traceOfTask(taskId);
    const spans = spansOfTask();
    expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
    const [whole] = spans.filter(({ parentSpanId }) => parentSpanId === "");
    expect(whole).toMatchObject({ name: "task", spanId, service: "stoa-server" });
    expect(spans.filter((span) => span !== whole).map(({ parentSpanId }) => parentSpanId)).toEqual(
      spans.slice(1).map(() => spanId),
    );
    expect(spans.filter(({ isFault }) => isFault)).toEqual([]);
  });

  it("is told by servers and nodes, each for itself, and has what happened in its order", () => {
    const at = Object.fromEntries(spansOfTask().map((span) => [span.name, span]));
    expect(at["execute"]?.service).toBe("stoa-node");
    expect(at["execute"]?.attributes["stoa.node"]).toBe(at["run"]?.attributes["stoa.node"]);
    for (const [earlier, later] of [
      ["auction", "dispatch"],
      ["dispatch", "run"],
      ["run", "approve"],
    ] as const)
      expect(at[earlier]!.endMs).toBeCloseTo(at[later]!.startMs, 0);
    expect(at["settle"]!.attributes["stoa.transaction"]).toMatch(/^0x[0-9a-f]{64}$/);
  });
});

describe.skipIf("missing" in found)("a real Prometheus", () => {
  let prometheus: Prometheus;
  const programs = found as Exclude<typeof found, { missing: string }>;

  beforeAll(async () => {
    const target = new URL(booted.market.url).host;
    prometheus = await startPrometheus(programs.prometheus, join(DEPLOY, "prometheus"), [target]);
    await until("two scrapes", PATIENCE_MS, async () => {
      const [scrapes] = await prometheus.query('count_over_time(up{job="stoa"}[10m])');
      return Number(scrapes?.value[1] ?? 0) >= 2;
    });
  }, 2 * PATIENCE_MS);
  afterAll(() => prometheus?.[Symbol.asyncDispose]());

  it("takes the configuration and the alerts of deploy/, and each alert fires when it is to", async () => {
    const run = promisify(execFile);
    const cwd = join(DEPLOY, "prometheus");
    for (const args of [
      ["check", "config", "prometheus.yml"],
      ["test", "rules", "alerts.test.yml"],
    ]) {
      const { stdout } = await run(programs.promtool, args, { cwd });
      expect(stdout).toContain("SUCCESS");
    }
  });

  it("evaluates every alert over a running market, and none fires", async () => {
    const rules = await until("every alert to be evaluated", PATIENCE_MS, async () => {
      const now = await prometheus.rules();
      return now.length > 0 && now.every(({ health }) => health !== "unknown") ? now : null;
    });
    expect(rules.filter(({ health, state }) => health !== "ok" || state === "firing")).toEqual([]);
    expect(rules.length).toBeGreaterThan(5);
  });

  it("knows what the task did: its way, its round, its money", async () => {
    const number = async (expression: string) => Number((await prometheus.query(expression))[0]?.value[1] ?? "0");
    expect(await number('sum(stoa_events_total{type="task.settled"})')).toBe(1);
    expect(await number('sum(stoa_task_seconds_count{outcome="settled"})')).toBe(1);
    expect(await number('sum(stoa_task_step_seconds_count{step="run"})')).toBe(1);
    expect(await number("sum(stoa_round_awards_total)")).toBe(1);
    expect(await number('sum(stoa_settled_units_total{to="payment"})')).toBeGreaterThan(0);
    expect(await number("min(stoa_check_ok)")).toBe(1);
  });

  it("answers every query of the dashboard, and every metric in it is one that the server tells", async () => {
    const dashboard = JSON.parse(await readFile(join(DEPLOY, "grafana", "stoa.json"), "utf8")) as {
      panels: { title: string; targets?: { expr: string }[] }[];
    };
    const expressions = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    expect(expressions.length).toBeGreaterThan(20);
    const told = await (await fetch(`${booted.market.url}/metrics`)).text();
    for (const expression of expressions) {
      const named = [...expression.matchAll(/\b(?:stoa|nodejs|process)_[a-z0-9_]+/g)].map(([name]) => name);
      for (const name of named)
        expect(told, expression).toContain(`# HELP ${name.replace(/_(?:bucket|count|sum)$/, "")} `);
      await prometheus.query(expression.replaceAll("$__rate_interval", "1m").replaceAll("$__range", "1h"));
    }
  });
});
