import { agentVersionId, hashJson, signTyped } from "@stoa/protocol";
import { createMarketFixture, databaseKinds, randomKey, type TestDatabase } from "@stoa/testkit";
import type { LocalAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectRefused } from "./expect-refused.ts";

describe.each(databaseKinds)("on $name", (kind) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await kind.start();
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  const setup = () => createMarketFixture({ database: opened.database });
  const expectRefusal = (code: Parameters<typeof expectRefused>[1], run: () => Promise<unknown>) =>
    expectRefused(opened.database, code, run);

  describe("a registration is refused and nothing changes", () => {
    test("a name another creator has, its version again with other content, a wrong id, a wrong signature", async () => {
      const market = await setup();
      const { manifest, creator, agentVersion, terms } = market;
      const publish = async (key: LocalAccount, changed: typeof manifest, versionId?: typeof agentVersion) => {
        const publication = { creator: key.address, versionId: versionId ?? agentVersionId(changed) };
        return {
          manifest: changed,
          publication,
          signature: await signTyped(key, terms.domain, "Publication", publication),
        };
      };
      const other = await publish(randomKey(), { ...manifest, version: "2.0.0" });
      await expectRefusal("forbidden", () => market.market.publishAgent(other));
      const changed = await publish(creator, { ...manifest, description: "Changed." });
      await expectRefusal("version_exists", () => market.market.publishAgent(changed));
      const wrong = await publish(creator, { ...manifest, version: "2.0.0" }, agentVersion);
      await expectRefusal("wrong_hash", () => market.market.publishAgent(wrong));
      const forged = await publish(creator, { ...manifest, version: "3.0.0" });
      await expectRefusal("wrong_signature", () =>
        market.market.publishAgent({ ...forged, signature: other.signature }),
      );
      await expectRefusal("forbidden", () =>
        market.market.retireAgent({ versionId: agentVersion, creator: randomKey().address }),
      );
      await expectRefusal("not_found", () =>
        market.market.retireAgent({ versionId: hashJson("none") as typeof agentVersion, creator: creator.address }),
      );
    });

    test("one name published by two creators at once goes to one of them", async () => {
      const market = await setup();
      const publishing = await Promise.all(
        ["1.0.0", "2.0.0"].map(async (version) => {
          const key = randomKey();
          const manifest = { ...market.manifest, name: `${market.manifest.name}-two`, version };
          const publication = { creator: key.address, versionId: agentVersionId(manifest) };
          return {
            manifest,
            publication,
            signature: await signTyped(key, market.terms.domain, "Publication", publication),
          };
        }),
      );
      const results = await Promise.allSettled(publishing.map((request) => market.market.publishAgent(request)));
      expect(results.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    });

    test("a node another provider has linked, an expired link, a link its provider did not sign", async () => {
      const market = await setup();
      const node = await market.node();
      const link = async (provider: LocalAccount, seconds: number, signer = provider) => {
        const message = {
          node: node.key.address,
          provider: provider.address,
          expiresAt: BigInt(market.now() / 1_000 + seconds),
        };
        return {
          link: message,
          signature: await signTyped(signer, market.terms.domain, "NodeLink", message),
          name: "x",
          slots: 1,
          agents: [],
        };
      };
      const [stolen, expired, forged] = [
        await link(randomKey(), 60),
        await link(node.provider, 0),
        await link(node.provider, 60, randomKey()),
      ];
      await expectRefusal("forbidden", () => market.market.linkNode(stolen));
      await expectRefusal("unknown_node", () => market.market.linkNode(expired));
      await expectRefusal("wrong_signature", () => market.market.linkNode(forged));
    });
  });
});
