import { describe, expect, it } from "vitest";
import { readEnv, toConfig } from "./config.ts";

describe("a node's configuration", () => {
  it("has a default for everything, and puts its files into the data folder", () => {
    expect(toConfig({})).toMatchObject({
      slots: 2,
      agents: null,
      bond: null,
      rpcUrl: null,
      keyFile: "data/node/node.key",
      linkFile: "data/node/link.json",
    });
    expect(toConfig({ STOA_NODE_DATA: "/d" })).toMatchObject({ keyFile: "/d/node.key", linkFile: "/d/link.json" });
  });

  it("reads lists and costs", () => {
    const config = toConfig({
      STOA_NODE_AGENTS: "summarize, profile-csv",
      STOA_NODE_COST: "base=1,second=0.5",
      STOA_NODE_HTTP_ALLOW: "a.example,b.example:8443",
      STOA_NODE_LLM_FILE: "models.json",
    });
    expect(config.agents).toEqual(["summarize", "profile-csv"]);
    expect(config.cost).toEqual({ base: "1", perKib: "0", perSecond: "0.5" });
    expect(config.httpAllow).toEqual(["a.example", "b.example:8443"]);
    expect(config.llmFile).toBe("models.json");
  });

  it("takes an empty variable for an absent one", () => {
    expect(readEnv({ STOA_NODE_SLOTS: "", STOA_NODE_NAME: "n" })).toEqual({ STOA_NODE_NAME: "n" });
  });

  it.each([
    [{ STOA_NODE_SLOTS: "0" }, "STOA_NODE_SLOTS"],
    [{ STOA_NODE_SLOTS: "1.5" }, "STOA_NODE_SLOTS"],
    [{ STOA_SERVER_URL: "market" }, "STOA_SERVER_URL"],
    [{ STOA_RPC_URL: "ws://x" }, "STOA_RPC_URL"],
    [{ STOA_NODE_BONDS: `0x${"1".repeat(40)}` }, "STOA_NODE_BONDS"],
    [{ STOA_NODE_BONDS: "0x1", STOA_RPC_URL: "http://x" }, "STOA_NODE_BONDS"],
    [{ STOA_NODE_COST: "base=1,speed=2" }, "STOA_NODE_COST"],
    [{ STOA_NODE_COST: "base=-1" }, "STOA_NODE_COST"],
    [{ STOA_NODE_BOND: "1e3" }, "STOA_NODE_BOND"],
    [{ STOA_NODE_OPEN_START: "bottom" }, "STOA_NODE_OPEN_START"],
    [{ STOA_NODE_REMOTE: "everywhere" }, "STOA_NODE_REMOTE"],
    [{ STOA_NODE_PROBE_SECONDS: "0" }, "STOA_NODE_PROBE_SECONDS"],
    [{ STOA_LOG_LEVEL: "loud" }, "STOA_LOG_LEVEL"],
    [{ STOA_NODE_NAME: "n".repeat(65) }, "STOA_NODE_NAME"],
  ])("refuses %j, naming the variable", (env, name) => {
    expect(() => toConfig(env)).toThrow(
      expect.objectContaining({ code: "invalid_configuration", message: expect.stringContaining(name) }),
    );
  });
});
