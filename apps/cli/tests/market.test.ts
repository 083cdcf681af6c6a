import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Quote } from "@stoa/protocol";
import { callAnvil, freePort } from "@stoa/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LocalMarket, type RunningCommand, startLocalMarket, until } from "./local-market.ts";

const TEXT = Array.from(
  { length: 12 },
  (_, at) => `Sentence ${at} says that ships carry grain, oil and marble over the sea.`,
).join(" ");

/** Gives the sentences of a text that are asked for, as an author would write it. */
const AGENT = `export function run({ text, sentences = 3 }, { log, progress }) {
  const all = text.split(/(?<=\\.) /);
  log("found", all.length, "sentences");
  progress(0.5, "choosing");
  return { first: all.slice(0, sentences), count: all.length };
}
`;
const MANIFEST = {
  stoa: 1,
  name: "first-sentences",
  version: "1.0.0",
  description: "The first sentences of a text.",
  capabilities: ["text.first"],
  input: {
    type: "object",
    properties: {
      text: { type: "string", maxLength: 100_000 },
      sentences: { type: "integer", minimum: 1, maximum: 100 },
    },
    required: ["text"],
    additionalProperties: false,
  },
  output: {
    type: "object",
    properties: { first: { type: "array", items: { type: "string" } }, count: { type: "integer" } },
    required: ["first", "count"],
  },
  artifact: { kind: "js" },
  limits: { memoryMb: 64, timeMs: 10_000, outputBytes: 100_000, logBytes: 10_000, fuel: 1_000_000_000 },
  grants: {},
  royalty: "500",
  licence: "Apache-2.0",
};

let market: LocalMarket;
let input: string;
let attic: RunningCommand;
let cellar: RunningCommand;
let firstTask: string;

/** Runs a command that must succeed, and gives what it says as JSON. */
async function json<T>(home: string, ...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await market.stoa(home, [...args, "--json"]);
  expect(code, `stoa ${args.join(" ")}\n${stderr}`).toBe(0);
  return JSON.parse(stdout) as T;
}

beforeAll(async () => {
  market = await startLocalMarket();
  input = join(market.folder, "text.txt");
  const agent = join(market.folder, "first-sentences");
  await mkdir(agent);
  await Promise.all([
    writeFile(input, TEXT),
    writeFile(join(agent, "agent.js"), AGENT),
    writeFile(join(agent, "manifest.json"), JSON.stringify(MANIFEST)),
  ]);
  await Promise.all(["requester", "creator", "provider", "rival"].map((home) => json(home, "account", "create")));
  attic = market.startStoa("provider", ["node", "start", "--name", "attic", "--cost", "base=0.002", "--test-money"]);
  cellar = market.startStoa("rival", ["node", "start", "--name", "cellar", "--cost", "base=0.004", "--test-money"]);
  await Promise.all([
    json("requester", "account", "deposit", "5", "--test-money"),
    json("creator", "agent", "publish", agent),
  ]);
  await until(
    async () =>
      (await json<{ items: { agents: string[] }[] }>("requester", "node", "list", "--online")).items.filter(
        ({ agents }) => agents.length === 1,
      ).length === 2,
    () => `two nodes should be online and host the agent\n${attic.stdout()}\n${cellar.stdout()}`,
  );
  await until(
    async () =>
      (await json<{ balances: { available: string } }>("requester", "account", "balance")).balances.available ===
      "5000000",
    () => "the deposit should count",
  );
});

afterAll(async () => {
  await market?.[Symbol.asyncDispose]();
});

describe("agents by the command line", () => {
  it("are found in spite of a slip, with why and how well, and within what filters allow", async () => {
    type Page = { items: { name: string; score: number; found: object }[]; nextCursor: string | null; meaning: string };
    const page = await json<Page>("requester", "agent", "search", "first", "sentnces");
    expect(page).toMatchObject({ nextCursor: null, meaning: "none" });
    expect(page.items[0]).toMatchObject({
      name: "first-sentences",
      found: {
        text: [{ word: "first", in: ["name", "capabilities", "description"] }],
        spelling: [{ word: "sentnces", as: "sentences", in: ["name", "description"] }],
        meaning: null,
      },
    });
    const filters = ["--category", "text", "--kind", "js", "--max-price", "0.0005"];
    expect((await json<Page>("requester", "agent", "search", "sentences", ...filters)).items).toHaveLength(1);
    expect((await json<Page>("requester", "agent", "search", "sentences", "--max-price", "0.0004")).items).toHaveLength(
      0,
    );
    const { code, stderr } = await market.stoa("requester", ["agent", "search", "x", "--min-reputation", "2"]);
    expect(code).toBe(2);
    expect(stderr).toContain("--min-reputation must be a number from 0 to 1");
  });
});

describe("a task by the command line", () => {
  it("is auctioned, run, accepted and paid, and its result printed", async () => {
    const { code, stdout, stderr } = await market.stoa("requester", [
      "task",
      "submit",
      "text.first",
      "--input",
      input,
      "--max-price",
      "0.05",
      "--watch",
    ]);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      count: 12,
      first: [expect.stringContaining("ships carry grain"), expect.anything(), expect.anything()],
    });
    // Two bid; the cheaper one wins, and is paid by what the other bid.
    expect(stderr).toMatch(/2 bids, 0 passed, 0 silent/);
    expect(stderr).toMatch(/awarded\s+attic .* at 0\.004\d* tUSD/);
    expect(stderr).toMatch(
      /charged 0\.004\d* tUSD = provider 0\.00\d+ \+ creator 0\.0005 \+ platform 0\.0000\d+; refunded 0\.045\d* tUSD/,
    );
    expect(stderr).toMatch(/paid\s+on chain\s+0x[0-9a-f]{64}/);
  });

  it("can be quoted before it is ordered: who would bid, when it could start, and what it cost of late", async () => {
    const quoted = await json<Quote>(
      "requester",
      "task",
      "quote",
      "text.first",
      "--input",
      input,
      "--max-price",
      "0.05",
    );
    expect(quoted).toMatchObject({
      competitors: 2,
      start: { inSeconds: 0 },
      // Two providers fill no band: what they cost is not told.
      price: { live: null, bands: [], past: { awards: 1 } },
      maximum: { maxPrice: "50000", covers: null },
    });
    const { stdout, code } = await market.stoa("requester", ["task", "quote", "text.first", "--input-bytes", "900"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/2 nodes would bid now, and could start at once/);
    const unknown = await market.stoa("requester", ["task", "quote", "text.frist"]);
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining("did you mean text.first?")]);
  });

  it("can be found, shown and read again by its first digits", async () => {
    const { items } = await json<{ items: { id: string; state: string }[] }>("requester", "task", "list", "--mine");
    expect(items[0]?.state).toBe("settled");
    firstTask = items[0]!.id;
    const digits = firstTask.slice(0, 12);
    expect(await json("requester", "task", "show", digits)).toMatchObject({
      id: items[0]!.id,
      outcome: { kind: "settled" },
    });
    const result = await market.stoa("requester", ["task", "show", digits, "--result"]);
    expect(JSON.parse(result.stdout)).toMatchObject({ count: 12 });
    const logs = await market.stoa("requester", ["task", "logs", digits]);
    expect(logs.stdout).toMatch(/found 12 sentences/);
    const followed = await market.stoa("requester", ["task", "logs", digits, "--follow", "--json"]);
    expect(JSON.parse(followed.stdout)).toMatchObject({ seq: 0, text: "found 12 sentences" });
  });

  it("is run again by its requester, who finds that a deterministic agent gives the same for the same fuel", async () => {
    const again = await json<{ same: boolean; fuel: { there: number; here: number } }>(
      "requester",
      "task",
      "rerun",
      firstTask,
    );
    expect(again).toMatchObject({ agent: "first-sentences 1.0.0", same: true, problems: [] });
    expect(again.fuel.there).toBeGreaterThan(100_000);
    expect(again.fuel.here).toBe(again.fuel.there);
    const told = await market.stoa("requester", ["task", "rerun", firstTask]);
    expect(told.stdout).toMatch(/^the same from first-sentences 1\.0\.0, with [\d,]+ of fuel\n$/);
  });

  it("keeps its result and logs from others", async () => {
    const { code, stderr } = await market.stoa("rival", ["task", "show", firstTask, "--result", "--json"]);
    expect(code).toBe(2);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: "forbidden" } });
  });

  it("takes JSON from standard input, and waits for an acceptance when told to", async () => {
    const submitted = await market.stoa(
      "requester",
      [
        "task",
        "submit",
        "text.first",
        "--input",
        "-",
        "--input-json",
        "--max-price",
        "0.05",
        "--watch",
        "--no-accept",
        "--json",
      ],
      { stdin: JSON.stringify({ text: TEXT, sentences: 2 }) },
    );
    expect(submitted.code, submitted.stderr).toBe(0);
    const { task, output } = JSON.parse(submitted.stdout) as {
      task: { id: string; state: string };
      output: { first: unknown[] };
    };
    expect(task.state).toBe("delivered");
    expect(output.first).toHaveLength(2);
    await json("requester", "task", "accept", task.id);
    const watched = await market.stoa("requester", ["task", "watch", task.id, "--json"]);
    expect(watched.code, watched.stderr).toBe(0);
    const updates = watched.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { kind: string; task?: { state: string } });
    expect(updates.at(-1)?.task?.state).toBe("settled");
  });

  it("nobody can do for its price says why, and can be taken back", async () => {
    const { taskId } = await json<{ taskId: string }>(
      "requester",
      "task",
      "submit",
      "text.first",
      "--input",
      input,
      "--max-price",
      "0.001",
    );
    const held = await json<{ balances: { held: string } }>("requester", "account", "balance");
    expect(held.balances.held).toBe("1000");
    await until(
      async () =>
        ((await json<{ unserved?: unknown[] }>("requester", "task", "show", taskId)).unserved ?? []).length > 0,
      () => "the task should say why nobody takes it",
    );
    const { unserved } = await json<{ unserved: { sentence: string; remedy: string }[] }>(
      "requester",
      "task",
      "show",
      taskId,
    );
    expect(unserved[0]?.sentence).toMatch(/maximum price/);
    expect(unserved[0]?.remedy).toMatch(/^Raise the maximum/);
    expect((await market.stoa("requester", ["task", "show", taskId])).stdout).toMatch(
      /no taker +The maximum price is below.* \(2 nodes\)\n +Raise the maximum/,
    );
    await json("requester", "task", "cancel", taskId);
    const watched = await market.stoa("requester", ["task", "watch", taskId]);
    expect(watched.code).toBe(1);
    expect(watched.stderr).toMatch(/cancelled/);
    expect((await json<{ balances: { held: string } }>("requester", "account", "balance")).balances.held).toBe("0");
  });
});

describe("a round by the command line", () => {
  it("shows its bids, and checks out", async () => {
    const { items } = await json<{ items: { id: string; awards?: number }[] }>(
      "requester",
      "round",
      "list",
      "--state",
      "closed",
      "--limit",
      "100",
    );
    const id = items.at(-1)!.id;
    const shown = await market.stoa("requester", ["round", "show", id.slice(0, 12)]);
    expect(shown.stdout).toMatch(/0\.002 tUSD/);
    const verified = await market.stoa("requester", ["round", "verify", id.slice(0, 12), "--payments"]);
    expect(verified.code, verified.stderr).toBe(0);
    expect(verified.stdout).toMatch(/✓ payments[\s\S]*checks out/);
  });
});

describe("the market by its admin", () => {
  const admin = <T>(...args: string[]) =>
    json<T>("admin", "admin", ...args, "--wallet-key-file", market.operatorKeyFile);
  type Nodes = { items: { id: string; name: string; suspendedFor: string | null }[] };
  const nodeCalled = async (name: string) =>
    (await json<Nodes>("requester", "node", "list")).items.find((node) => node.name === name)!;

  it("keeps a node out of auctions that would have won them, until it is restored", async () => {
    const { id } = await nodeCalled("attic");
    const winner = async () => {
      const order = ["task", "submit", "text.first", "--input", input, "--max-price", "0.05", "--watch"];
      return (await json<{ task: { award: { node: string } } }>("requester", ...order)).task.award.node;
    };
    await admin("suspend", "node", id, "--reason", "under review");
    expect((await nodeCalled("attic")).suspendedFor).toBe("under review");
    expect(await winner()).toBe((await nodeCalled("cellar")).id);
    await admin("restore", "node", id, "--reason", "it is well");
    expect(await winner()).toBe(id);
  });

  it("takes nothing new in maintenance, and tells what it says", async () => {
    await admin("maintenance", "on", "--message", "back at six");
    const submit = ["task", "submit", "text.first", "--input", input, "--max-price", "0.05", "--json"];
    const refused = await market.stoa("requester", submit);
    expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: "maintenance", message: "back at six" } });
    expect(refused.code).toBe(3);
    await admin("maintenance", "off");
    expect(await admin("set")).toMatchObject({ maintenance: null });
  });

  it("has a log of what was done that hashes out, and a page that says how things stand", async () => {
    expect(await admin("audit", "--verify")).toMatchObject({ holds: true, entries: 5 });
    const { stdout } = await market.stoa("admin", ["admin", "audit", "--wallet-key-file", market.operatorKeyFile]);
    expect(stdout).toMatch(/system +account\.roles[\s\S]*node\.suspend[\s\S]*under review[\s\S]*setting\.change/);
    expect(await admin("status")).toMatchObject({ suspended: { nodes: 0 }, deadLetters: { settlements: 0 } });
    const told = await market.stoa("admin", ["admin", "status", "--wallet-key-file", market.operatorKeyFile]);
    expect(told.stdout).toMatch(/servers +1[\s\S]*tasks +\d+ wait[\s\S]*suspended +none/);
  });

  it("is for nobody else", async () => {
    const refused = await market.stoa("requester", ["admin", "status", "--json"]);
    expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: "forbidden" } });
    expect(refused.code).toBe(2);
  });
});

describe("a node by the command line", () => {
  it("says how it is, and what the market says of it", async () => {
    const status = await json<{ isAlive: boolean; delivered: number; market: { online: boolean; stake: string } }>(
      "provider",
      "node",
      "status",
      "--name",
      "attic",
    );
    expect(status).toMatchObject({ isAlive: true, market: { online: true, stake: "20000" } });
    expect(status.delivered).toBeGreaterThan(0);
  });

  it("that is told to stop finishes and ends well", async () => {
    expect(await attic.stop(), attic.stdout()).toBe(0);
    const { code, stdout } = await market.stoa("provider", ["node", "status", "--name", "attic"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/not running/);
  });
});

describe("a machine for nodes", () => {
  it("is told fit when agents run on it and the market answers, and what does not hold them in", async () => {
    const report = await json<{ isFit: boolean; findings: { subject: string; state: string; text: string }[] }>(
      "provider",
      "node",
      "doctor",
    );
    expect(report.isFit).toBe(true);
    const told = Object.groupBy(report.findings, ({ subject }) => subject);
    for (const kind of ["js agents", "wasm agents"]) expect(told[kind]?.[0]?.text).toMatch(/^one ran in \d+ ms/);
    expect(told["clock"]?.[0]?.text).toBe("agrees with the market's");
    expect(told["held back from"]?.length).toBeGreaterThan(3);
  });

  it("is told unfit, and what to do, when the market is away", async () => {
    const away = `http://127.0.0.1:${await freePort()}`;
    const { code, stdout } = await market.stoa("provider", ["node", "doctor", "--url", away]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ market .*ECONNREFUSED[\s\S]*npm start[\s\S]*cannot work here/);
  });
});

describe("a node whose command is killed", () => {
  it("does not go on alone", async () => {
    const isRunning = async () => {
      const { code, stdout } = await market.stoa("rival", ["node", "status", "--name", "cellar", "--json"]);
      return code === 0 && (JSON.parse(stdout) as { isAlive: boolean }).isAlive;
    };
    expect(await isRunning()).toBe(true);
    await cellar.kill();
    await until(
      async () => !(await isRunning()),
      () => "the node should have ended",
    );
  });
});

describe("an account by the command line", () => {
  it("makes an API key that may do what its scopes say, and no more", async () => {
    const { key, id } = await json<{ key: string; id: string }>(
      "requester",
      "account",
      "keys",
      "--create",
      "reader",
      "--scopes",
      "tasks:read,account:read",
    );
    const asKey = (args: string[]) => market.stoa("requester", [...args, "--json"], { env: { STOA_API_KEY: key } });
    expect((await asKey(["account", "balance"])).code).toBe(0);
    const refused = await asKey(["task", "submit", "text.first", "--input", input, "--max-price", "0.05"]);
    expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: "forbidden" } });
    await json("requester", "account", "keys", "--revoke", id);
    expect(JSON.parse((await asKey(["account", "balance"])).stderr)).toMatchObject({ error: { code: "unauthorized" } });
  });

  it("asks for a withdrawal, which waits its delay out", async () => {
    const asked = await json<{ amount: string; unlocksAt: string }>("requester", "account", "withdraw", "1.5");
    expect(asked.amount).toBe("1500000");
    expect(Date.parse(asked.unlocksAt)).toBeGreaterThan(Date.now() + 3_600_000);
    const early = await market.stoa("requester", ["account", "withdraw", "--complete", "--json"]);
    expect(early.code).toBe(2);
    expect(JSON.parse(early.stderr)).toMatchObject({ error: { code: "wrong_state" } });
  });

  it("is made once", async () => {
    const { code, stderr } = await market.stoa("requester", ["account", "create"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/is there already/);
  });
});

describe("a mistake", () => {
  const submit = (...more: string[]) => [
    "task",
    "submit",
    "text.first",
    "--input",
    "INPUT",
    "--max-price",
    "0.05",
    ...more,
  ];
  it.each<[string, string[], string]>([
    [
      "an unknown capability",
      ["task", "submit", "text.dream", "--input", "INPUT", "--max-price", "0.05"],
      "unknown_capability",
    ],
    ["a price of zero", ["task", "submit", "text.first", "--input", "INPUT", "--max-price", "0"], "invalid_price"],
    ["a negative price", ["task", "submit", "text.first", "--input", "INPUT", "--max-price=-1"], "malformed_amount"],
    [
      "more decimals than the token has",
      ["task", "submit", "text.first", "--input", "INPUT", "--max-price", "0.0000001"],
      "malformed_amount",
    ],
    [
      "a price over the balance",
      ["task", "submit", "text.first", "--input", "INPUT", "--max-price", "500"],
      "insufficient_funds",
    ],
    ["a deadline of nothing", submit("--deadline", "0"), "invalid_deadline"],
    ["a deadline the market cannot settle", submit("--deadline", "30d"), "invalid_deadline"],
    ["a deadline in words", submit("--deadline", "soon"), "invalid_request"],
    [
      "an input that is not there",
      ["task", "submit", "text.first", "--input", "nowhere.txt", "--max-price", "0.05"],
      "not_found",
    ],
    ["JSON that is not JSON", submit("--input-json"), "malformed_json"],
    ["an unknown agent", submit("--agent", "nobody"), "not_found"],
    ["an unknown task", ["task", "show", "0x0000000000"], "not_found"],
    ["an id that is none", ["task", "show", "hello"], "malformed_id"],
    ["someone else's task", ["task", "cancel", "TASK"], "forbidden"],
    ["a missing option", ["task", "submit", "text.first"], "invalid_request"],
    ["an unknown command", ["task", "fly"], "invalid_request"],
  ])("of %s is told with its code", async (_name, args, code) => {
    const home = args.includes("TASK") ? "rival" : "requester";
    const filled = args.map((arg) => (arg === "INPUT" ? input : arg === "TASK" ? firstTask : arg));
    const ended = await market.stoa(home, [...filled, "--json"]);
    expect(ended.stdout).toBe("");
    expect(JSON.parse(ended.stderr), ended.stderr).toMatchObject({ error: { code } });
    expect(ended.code).toBe(2);
  });

  it("costs nothing", async () => {
    const { balances } = await json<{ balances: { held: string } }>("requester", "account", "balance");
    expect(balances.held).toBe("0");
  });

  it("of a market that is away is worth trying again", async () => {
    const { code, stderr } = await market.stoa("requester", [
      "task",
      "list",
      "--url",
      `http://127.0.0.1:${await freePort()}`,
    ]);
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /^server_unavailable: .*ECONNREFUSED[\s\S]*npm start[\s\S]*docs\/errors\.md#server_unavailable/,
    );
  });
});

describe("the market's chain", () => {
  it("is followed until the ledger has taken what was final enough, however much came at once", async () => {
    await callAnvil(market.chain.anvil, "anvil_mine", ["0x200"]);
    const head = Number(await market.chain.chain.client.getBlockNumber({ cacheTime: 0 }));
    const synced = await json<{ head: number; indexed: number; ledger: number }>("requester", "chain", "sync");
    expect(synced).toMatchObject({ chainId: 31_337, confirmations: 1, isCaughtUp: true });
    expect(synced.ledger).toBeGreaterThanOrEqual(head - 1);
    expect(synced.indexed).toBeGreaterThanOrEqual(synced.ledger);
    const { code, stdout } = await market.stoa("requester", ["chain", "sync"]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/caught up\n.*ledger +block \d+; takes a block with 1/s)]);
  });
});
