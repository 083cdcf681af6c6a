import { hashJson, signTyped } from "@stoa/protocol";
import { createMarketFixture, databaseKinds, randomKey, type TestDatabase } from "@stoa/testkit";
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

  describe("a result is refused and nothing changes", () => {
    const running = async () => {
      const market = await setup();
      const requester = await market.requester();
      const [node, other] = [await market.node(), await market.node()];
      const taskId = await market.submit(requester);
      await market.round([
        [node, 5_000n],
        [other, 6_000n],
      ]);
      await market.start(taskId, node);
      return { market, requester, node, other, taskId };
    };

    test("for someone else's task", async () => {
      const { market, other, taskId } = await running();
      const delivery = await market.delivery(taskId, other);
      await expectRefusal("not_assigned", () => market.market.deliverResult(delivery));
    });

    test("signed by another key than the node's", async () => {
      const { market, node, other, taskId } = await running();
      const delivery = await market.delivery(taskId, other);
      await expectRefusal("wrong_signature", () =>
        market.market.deliverResult({ ...delivery, node: node.key.address }),
      );
    });

    test("with a wrong hash", async () => {
      const { market, node, taskId } = await running();
      const delivery = await market.delivery(taskId, node);
      await expectRefusal("wrong_hash", () =>
        market.market.deliverResult({ ...delivery, outputHash: hashJson("other") }),
      );
    });

    test("under an award the task is not under any more", async () => {
      const { market, node, taskId } = await running();
      const delivery = await market.delivery(taskId, node);
      await market.fault(taskId, "refused");
      await expectRefusal("not_assigned", () => market.market.deliverResult(delivery));
    });

    test("after the deadline", async () => {
      const { market, node, taskId } = await running();
      market.advance(600_001);
      const delivery = await market.delivery(taskId, node);
      await expectRefusal("wrong_state", () => market.market.deliverResult(delivery));
    });

    test("twice: the same changes nothing, another one is refused", async () => {
      const { market, node, taskId } = await running();
      const delivery = await market.delivery(taskId, node);
      await market.market.deliverResult(delivery);
      await market.market.deliverResult(delivery);
      const other = await market.delivery(taskId, node, { text: "other" });
      await expectRefusal("wrong_state", () => market.market.deliverResult(other));
    });

    test("an acceptance by anyone but the requester", async () => {
      const { market, node, taskId } = await running();
      await market.deliver(taskId, node);
      const acceptance = await market.acceptance(taskId, randomKey());
      await expectRefusal("wrong_signature", () => market.market.acceptTask(acceptance));
    });

    test("a cancellation by anyone but the requester", async () => {
      const market = await setup();
      const taskId = await market.submit(await market.requester());
      await expectRefusal("forbidden", () => market.market.cancelTask({ taskId, requester: randomKey().address }));
    });

    test("a start, a log line, progress or a failure from a node that does not have the task", async () => {
      const { market, node, other, taskId } = await running();
      const { hash } = await market.award(taskId);
      const execution = { taskId, node: other.key.address, executionId: "e0e0e0e0" };
      const signature = await signTyped(node.key, market.terms.domain, "Opening", { roundId: hash });
      await expectRefusal("not_assigned", () =>
        market.market.startTask({ ...execution, awardHash: hash, nodeSignature: signature }),
      );
      await expectRefusal("wrong_signature", () =>
        market.market.startTask({ ...execution, node: node.key.address, awardHash: hash, nodeSignature: signature }),
      );
      await expectRefusal("not_assigned", () => market.market.logExecution({ ...execution, firstSeq: 0, lines: [] }));
      await expectRefusal("not_assigned", () =>
        market.market.reportProgress({ ...execution, fraction: 0.5, text: "" }),
      );
      await expectRefusal("not_assigned", () =>
        market.market.failExecution({ ...execution, reason: "crashed", message: "" }),
      );
    });

    test("a refusal of another node's award, or with another text than was signed", async () => {
      const { market, node, other, taskId } = await running();
      const { hash } = await market.award(taskId);
      const refusal = { awardHash: hash, reasonHash: hashJson("busy") };
      const refuse = async (from: typeof node, reason: string) =>
        market.market.refuseAward({
          taskId,
          node: from.key.address,
          refusal,
          reason,
          signature: await signTyped(from.key, market.terms.domain, "Refusal", refusal),
        });
      await expectRefusal("not_assigned", () => refuse(other, "busy"));
      await expectRefusal("wrong_hash", () => refuse(node, "lazy"));
      expect(await refuse(node, "busy")).toEqual({ kind: "reawarded", node: other.key.address });
    });

    test("a log without end, in however many pieces and executions; progress without end", async () => {
      const { market, node, taskId } = await running();
      const piece = (executionId: string, firstSeq: number, text: string) =>
        market.market.logExecution({
          taskId,
          node: node.key.address,
          executionId,
          firstSeq,
          lines: [{ atMs: 1, text }],
        });
      await piece("e0e0e0e0", 0, "x".repeat(128 << 10));
      const both = await Promise.allSettled([piece("e0e0e0e1", 0, "x".repeat(128 << 10)), piece("e0e0e0e2", 0, "")]);
      expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
      await expectRefusal("too_large", () => piece("e0e0e0e0", 1, "x"));
      await opened.database.query(
        `insert into events (type, audience, task_id, at, data)
         select 'execution.progressed', null, $1, $2, '{}' from generate_series(1, 1000)`,
        [taskId, new Date(market.now())],
      );
      await expectRefusal("too_large", () =>
        market.market.reportProgress({
          taskId,
          node: node.key.address,
          executionId: "e0e0e0e0",
          fraction: 1,
          text: "",
        }),
      );
    });

    test("log lines over the limit; lines sent twice are kept once", async () => {
      const { market, node, taskId } = await running();
      const execution = { taskId, node: node.key.address, executionId: "e0e0e0e0", firstSeq: 0 };
      await expectRefusal("too_large", () =>
        market.market.logExecution({ ...execution, lines: [{ atMs: 1, text: "x".repeat((256 << 10) + 1) }] }),
      );
      const lines = [{ atMs: 1, text: "one" }];
      await Promise.all([
        market.market.logExecution({ ...execution, lines }),
        market.market.logExecution({ ...execution, lines }),
      ]);
      await market.market.logExecution({ ...execution, lines });
      const kept = await opened.database.query("select lines from execution_logs where task_id = $1", [taskId]);
      expect(kept).toEqual([{ lines }]);
      const told = await opened.database.query(
        "select 1 from events where task_id = $1 and type = 'execution.logged'",
        [taskId],
      );
      expect(told).toHaveLength(1);
    });
  });
});
