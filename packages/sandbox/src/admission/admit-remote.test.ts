import type { Manifest, ManifestOf, RemoteArtifact } from "@stoa/protocol";
import { expect, test } from "vitest";
import { admitRemote } from "./admit-remote.ts";

const manifest = (artifact: Partial<RemoteArtifact>, grants: Manifest["grants"] = {}) =>
  ({
    name: "a",
    grants,
    artifact: { kind: "remote", protocol: "http", url: "https://agents.example/", ...artifact },
  }) as ManifestOf<RemoteArtifact>;

test.each([
  [{ url: "https://agents.example/a?b=c" }],
  [{ url: "https://[2606:4700::1111]:8443/" }],
  [{ url: "http://localhost:8080/" }],
  [{ url: "http://127.0.0.1:8080/" }],
  [{ protocol: "mcp" as const, tool: "summarize" }],
])("an endpoint %j is admitted", (artifact) => {
  expect(admitRemote(manifest(artifact)).protocol).toMatch(/^https?:$/);
});

test.each([
  [{ url: "http://agents.example/" }, "must be https"],
  [{ url: "http://localhost.agents.example/" }, "must be https"],
  [{ url: "http://192.168.0.1/" }, "must be https"],
  [{ url: "https://192.168.0.1/" }, "private address"],
  [{ url: "https://[fe80::1]/" }, "private address"],
  [{ url: "https://2852039166/" }, "169.254.169.254"],
  [{ url: "https://a:b@agents.example/" }, "password"],
  [{ url: "https://agents.example/#a" }, "fragment"],
  [{ url: "https://:80/" }, "not an address"],
  [{ protocol: "mcp" as const }, "artifact.tool must name"],
  [{ protocol: "a2a" as const, tool: "summarize" }, "goes with mcp"],
])("an endpoint %j is refused", (artifact, problem) => {
  expect(() => admitRemote(manifest(artifact))).toThrow(problem);
});

test("an agent behind an endpoint is given nothing of a sandbox's", () => {
  expect(() => admitRemote(manifest({}, { keyValue: true }))).toThrow("grants.keyValue");
});
