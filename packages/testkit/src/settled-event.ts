import type { Address, TaskId } from "@stoa/protocol";
import type { Queryable } from "@stoa/store";

interface PaidAward {
  node: Address;
  price: bigint;
  royalty: bigint;
}

/** What the vault tells when it settles a task under its last award. */
export async function settledEvent(database: Queryable, taskId: TaskId, feeBps: number) {
  const [award] = await database.query<PaidAward>(
    "select node, price, royalty from awards where task_id = $1 order by made_at desc limit 1",
    [taskId],
  );
  if (!award) throw new Error(`the task ${taskId} never had an award`);
  const { node, price, royalty } = award;
  return {
    type: "settled" as const,
    orderHash: taskId,
    node,
    payment: price - royalty,
    royalty,
    fee: (price * BigInt(feeBps)) / 10_000n,
  };
}
