import { describe, expect, test } from "vitest";
import { agentCard } from "./agent-card.ts";
import { agentVersionId, parseManifest } from "./manifest.ts";
import { registrationFile } from "./registration-file.ts";

const manifest = parseManifest({
  stoa: 1,
  name: "summarize",
  version: "1.2.0",
  description: "Summarises text.",
  capabilities: ["text.summarize", "text.shorten"],
  input: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
  output: { type: "object" },
  artifact: { kind: "js", hash: `0x${"ab".repeat(32)}`, bytes: 10 },
  limits: { memoryMb: 64, timeMs: 1_000, outputBytes: 1_000, logBytes: 1_000 },
  grants: { http: ["api.example.org"] },
  royalty: "100",
  licence: "Apache-2.0",
});
const agent = { versionId: agentVersionId(manifest), creator: `0x${"12".repeat(20)}`, manifest } as const;
const marketUrl = "https://market.example/";

describe("an agent's A2A card", () => {
  const card = agentCard(agent, { marketUrl });

  test("has every field the specification requires, and none it does not know", () => {
    expect(Object.keys(card).sort()).toEqual([
      "capabilities",
      "defaultInputModes",
      "defaultOutputModes",
      "description",
      "name",
      "skills",
      "supportedInterfaces",
      "version",
    ]);
    expect(card.supportedInterfaces).toEqual([
      { url: "https://market.example/api/v1", protocolBinding: "urn:stoa:market-api:1", protocolVersion: "1.0" },
    ]);
    for (const mode of [...card.defaultInputModes, ...card.defaultOutputModes]) expect(mode).toMatch(/^\w+\/\w+$/);
  });

  test("has a skill for every capability, each with an id, name, description and tags", () => {
    expect(card.skills).toEqual([
      { id: "text.summarize", name: "text.summarize", description: "Summarises text.", tags: ["text", "summarize"] },
      { id: "text.shorten", name: "text.shorten", description: "Summarises text.", tags: ["text", "shorten"] },
    ]);
  });

  test("carries the signed terms in an extension that nobody must understand", () => {
    const [terms] = card.capabilities.extensions;
    expect(terms).toMatchObject({
      uri: "urn:stoa:agent-terms:1",
      required: false,
      params: { versionId: agent.versionId, royalty: "100", input: manifest.input, grants: manifest.grants },
    });
  });

  test("names the agent's own interfaces when it has some", () => {
    const interfaces = [{ url: "https://agent.example/a2a", protocolBinding: "JSONRPC", protocolVersion: "1.0" }];
    expect(agentCard(agent, { interfaces }).supportedInterfaces).toEqual(interfaces);
  });

  test("survives JSON", () => {
    expect(JSON.parse(JSON.stringify(card))).toEqual(card);
  });
});

describe("an agent's ERC-8004 registration file", () => {
  const registry = `0x${"34".repeat(20)}` as const;

  test("has the fields of registration-v1", () => {
    const registrations = [{ chainId: 31_337, registry, agentId: 22n }];
    const file = registrationFile(agent, { marketUrl, active: true, registrations });
    expect(file).toEqual({
      type: "https://eips.ethereum.org/EIPS/eip-8004#registration-v1",
      name: "summarize",
      description: "Summarises text.",
      image: expect.stringMatching(/^data:image\/svg\+xml,%3Csvg/),
      services: [
        { name: "stoa", endpoint: `https://market.example/api/v1/agents/${agent.versionId}`, version: "1.2.0" },
      ],
      x402Support: false,
      active: true,
      registrations: [{ agentId: 22, agentRegistry: `eip155:31337:${registry}` }],
      supportedTrust: ["reputation", "crypto-economic"],
    });
  });

  test("is refused for a number JSON cannot hold, rather than naming another agent", () => {
    const registrations = [{ chainId: 1, registry, agentId: 2n ** 53n }];
    expect(() => registrationFile(agent, { marketUrl, active: true, registrations })).toThrow(/9007199254740992/);
  });
});
