import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { NodeStatus } from "../src/status-file.ts";
import { startNode } from "../src/index.ts";
import { makeAgent, nodeFolder, shout, startMarket, until } from "./market.ts";

const PATIENCE_MS = 50_000;

/** Remote agents by where they are; nobody answers at any of the addresses. */
const remote = (name: string, url: string) =>
  makeAgent(name, "test.far", "", { artifact: { kind: "remote", protocol: "http", url } });
const far = remote("far", "https://agents.invalid/");
const near = remote("near", "http://127.0.0.1:9/");

test.each([
  ["public", ["shout", "far"]],
  ["loopback", ["shout", "far", "near"]],
  ["none", ["shout"]],
])("with STOA_NODE_REMOTE=%s a node hosts %j, and says of every endpoint that it is silent", async (value, names) => {
  await using market = await startMarket([shout, far, near]);
  await using folder = await nodeFolder(market, { STOA_NODE_REMOTE: value, STOA_NODE_PROBE_SECONDS: "1" });
  await using running = new AsyncDisposableStack();
  running.use(await startNode(folder.config));
  // A node says how it is once it has begun, which may be after the market sees it.
  const readStatus = async () => {
    const text = await readFile(join(folder.config.dataFolder, "status.json"), "utf8").catch(() => null);
    return text === null ? null : (JSON.parse(text) as NodeStatus);
  };
  await until("the node is online", () => market.hub.online().get(folder.node)?.connected);
  const remotes = names.filter((name) => name !== "shout").map((name) => `${name}@1.0.0`);
  const status = await until(
    "its endpoints are silent",
    async () => {
      const now = await readStatus();
      if (now === null) return false;
      const silent = now.endpoints.filter(({ state }) => state === "silent");
      return silent.length === remotes.length && now;
    },
    PATIENCE_MS,
  );
  expect(status.agents).toEqual(names.map((name) => `${name}@1.0.0`));
  expect(status.endpoints.map(({ agent }) => agent)).toEqual(remotes);
});
