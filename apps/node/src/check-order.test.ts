import {
  encodeTyped,
  hashTyped,
  type Order,
  type SessionKey,
  signTyped,
  taskHash,
  type TaskSpec,
} from "@stoa/protocol";
import { privateKeyToAccount } from "viem/accounts";
import { expect, test } from "vitest";
import { checkOrder } from "./check-order.ts";

const [wallet, key] = [1, 2].map((at) => privateKeyToAccount(`0x${String(at).repeat(64)}`)) as [Account, Account];
type Account = ReturnType<typeof privateKeyToAccount>;
const domain = { chainId: 31_337, vault: `0x${"ab".repeat(20)}` } as const;
const NOW = 1_800_000_000n;
const spec = {
  capability: "text.shout",
  inputHash: `0x${"01".repeat(32)}`,
  startBySeconds: 10,
} as unknown as TaskSpec;

function orderOf(change: Partial<Order>): Order {
  return {
    requester: wallet.address,
    operator: key.address,
    token: key.address,
    taskHash: taskHash(spec),
    maxPrice: 100n,
    feeCapBps: 500,
    royaltyCap: 100n,
    deliverBy: NOW + 60n,
    settleBy: NOW + 600n,
    nonce: 1n,
    resultKey: `0x${"00".repeat(32)}`,
    ...change,
  };
}

async function check(order: Order, sessionEnds?: bigint): Promise<Order> {
  const session: SessionKey = {
    wallet: wallet.address,
    key: key.address,
    token: key.address,
    maxPerOrder: 100n,
    maxTotal: 100n,
    expiresAt: sessionEnds ?? 0n,
    nonce: 1n,
  };
  const grant = {
    key: encodeTyped("SessionKey", session),
    signature: await signTyped(wallet, domain, "SessionKey", session),
  };
  const wire = {
    orderHash: hashTyped(domain, "Order", order),
    order: encodeTyped("Order", order),
    signature: await signTyped(sessionEnds === undefined ? wallet : key, domain, "Order", order),
    session: sessionEnds === undefined ? undefined : grant,
    spec,
  };
  return checkOrder(domain, wire, Number(NOW) * 1_000);
}

test("a node works for no order that the vault would not pay once it is delivered", async () => {
  await expect(check(orderOf({}))).resolves.toMatchObject({ maxPrice: 100n });
  await expect(check(orderOf({ settleBy: NOW + 60n }))).rejects.toMatchObject({ code: "invalid_deadline" });
  await expect(check(orderOf({ deliverBy: NOW - 60n, settleBy: NOW }))).rejects.toMatchObject({
    code: "invalid_deadline",
  });
});

test("a node works for no session key that ends before its order can be settled", async () => {
  await expect(check(orderOf({}), NOW + 600n)).resolves.toMatchObject({ maxPrice: 100n });
  await expect(check(orderOf({}), NOW + 599n)).rejects.toMatchObject({ code: "session_key_limit" });
});
