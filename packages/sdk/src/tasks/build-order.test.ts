import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashJson, MAX_AMOUNT, type MarketInfo, type StoaError, taskHash } from "@stoa/protocol";
import { buildOrder, type TaskRequest } from "./build-order.ts";

const info: MarketInfo = {
  chainId: 31_337,
  vault: "0x00000000000000000000000000000000000000a1",
  token: { address: "0x00000000000000000000000000000000000000a2", symbol: "tUSD", decimals: 6 },
  operator: "0x00000000000000000000000000000000000000a3",
  feeBps: 200,
  withdrawDelaySeconds: 86_400,
  challengeWindowSeconds: 3_600,
  approvalWindowSeconds: 3_600,
  roundWindowMs: 150,
  minBond: "0",
  ruleVersion: 1,
  limits: {},
  network: { addresses: [] },
  version: "0",
};
const request: TaskRequest = { capability: "text.summarize", input: { text: "One. Two." }, maxPrice: 50_000n };
const context = { requester: "0x00000000000000000000000000000000000000b1", now: 1_700_000_000_500, nonce: 7n } as const;

describe("an order", () => {
  it("names its specification, and the specification its input", () => {
    const { spec, order } = buildOrder(info, request, context);
    expect(spec.inputHash).toBe(hashJson(request.input));
    expect(order.taskHash).toBe(taskHash(spec));
    expect(order).toMatchObject({ maxPrice: 50_000n, feeCapBps: 200, nonce: 7n, requester: context.requester });
  });

  it("leaves every window the market asks for, whatever the windows are", () => {
    const windows = fc.record({
      withdrawDelaySeconds: fc.integer({ min: 1, max: 10_000_000 }),
      challengeWindowSeconds: fc.integer({ min: 0, max: 1_000_000 }),
      approvalWindowSeconds: fc.integer({ min: 0, max: 1_000_000 }),
    });
    fc.assert(
      fc.property(windows, fc.integer({ min: 1, max: 100_000 }), (given, deliverInSeconds) => {
        const seconds = BigInt(Math.floor(context.now / 1_000));
        const challenge = BigInt(given.challengeWindowSeconds);
        try {
          const { order } = buildOrder({ ...info, ...given }, { ...request, deliverInSeconds }, context);
          expect(order.deliverBy).toBe(seconds + BigInt(deliverInSeconds));
          expect(order.settleBy).toBeGreaterThanOrEqual(
            order.deliverBy + BigInt(given.approvalWindowSeconds) + challenge,
          );
          expect(order.settleBy).toBeLessThan(seconds + BigInt(given.withdrawDelaySeconds) - challenge);
        } catch (error) {
          expect(error).toMatchObject({ code: "invalid_deadline" });
          const longest = Number(/at most (\d+) s/.exec((error as StoaError).message)?.[1]);
          expect(longest).toBeLessThan(deliverInSeconds);
          // The deadline it names is one it takes.
          if (longest > 0) buildOrder({ ...info, ...given }, { ...request, deliverInSeconds: longest }, context);
        }
      }),
    );
  });

  it("says which auction it asks for under the requester's signature, and sealed as if nothing had been said", () => {
    const plain = buildOrder(info, request, context);
    expect(buildOrder(info, { ...request, auction: "sealed" }, context)).toEqual(plain);
    const open = buildOrder(info, { ...request, auction: "open" }, context);
    expect(open.spec.auction).toBe("open");
    expect(open.order.taskHash).not.toBe(plain.order.taskHash);
  });

  it("is settled before its session key expires", () => {
    const signableUntil = BigInt(Math.floor(context.now / 1_000)) + 10_000n;
    const { order } = buildOrder(info, request, { ...context, signableUntil });
    expect(order.settleBy).toBe(signableUntil);
    expect(() => buildOrder(info, request, { ...context, signableUntil: signableUntil - 9_000n })).toThrow(
      /at most 0 s/,
    );
  });

  it.each([
    ["zero", { maxPrice: 0n }, "invalid_price"],
    ["negative", { maxPrice: -1n }, "invalid_price"],
    ["beyond what any message carries", { maxPrice: MAX_AMOUNT + 1n }, "invalid_price"],
  ])("is refused for a price that is %s", (_name, change, code) => {
    expect(() => buildOrder(info, { ...request, ...change }, context)).toThrow(
      expect.objectContaining({ code }) as Error,
    );
  });

  it.each([0, -5, 1.5, Number.NaN])("is refused for a deadline of %s seconds", (deliverInSeconds) => {
    expect(() => buildOrder(info, { ...request, deliverInSeconds }, context)).toThrow(
      expect.objectContaining({ code: "invalid_deadline" }) as Error,
    );
  });
});
