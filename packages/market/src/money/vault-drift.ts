import type { LedgerAccount } from "@stoa/core";
import type { Address, TaskId } from "@stoa/protocol";
import type { Queryable } from "@stoa/store";

/** The claim the chain has open on an order. */
export interface ChainClaim {
  /** Who is paid by it: not always the node the market has the task with. */
  node: Address;
  /** What it was challenged with; zero until then. */
  bond: bigint;
}

/** Where the chain is ahead of the ledger: read before a block is applied and written after it. */
export interface VaultDrift {
  /** What each owner may withdraw beyond what the ledger has free. */
  debts: Map<Address, bigint>;
  /** What the chain took of an account beyond what the ledger had there: repaid to `chain` as it comes free. */
  overdrafts: Map<LedgerAccount, bigint>;
  /** Of the tasks that the block is about. */
  claims: Map<TaskId, ChainClaim>;
}

/** Reads the drift a block starts from. */
export async function readDrift(tx: Queryable, tasks: readonly TaskId[]): Promise<VaultDrift> {
  const debts = await tx.query<{ owner: Address; amount: bigint }>("select owner, amount from debts");
  const overdrafts = await tx.query<{ account: LedgerAccount; amount: bigint }>(
    "select account, amount from overdrafts",
  );
  const claims =
    tasks.length === 0
      ? []
      : await tx.query<ChainClaim & { taskId: TaskId }>(
          'select task_id as "taskId", node, bond from claims where task_id = any($1::text[])',
          [tasks],
        );
  return {
    debts: new Map(debts.map(({ owner, amount }) => [owner, amount])),
    overdrafts: new Map(overdrafts.map(({ account, amount }) => [account, amount])),
    claims: new Map(claims.map(({ taskId, ...claim }) => [taskId, claim])),
  };
}

/** Writes the drift a block leaves; `tasks` are those it was about. */
export async function writeDrift(tx: Queryable, drift: VaultDrift, tasks: readonly TaskId[]): Promise<void> {
  for (const [owner, amount] of drift.debts) await writeAmount(tx, "debts", "owner", owner, amount);
  for (const [account, amount] of drift.overdrafts) await writeAmount(tx, "overdrafts", "account", account, amount);
  for (const taskId of tasks) {
    const claim = drift.claims.get(taskId);
    if (!claim) await tx.query("delete from claims where task_id = $1", [taskId]);
    else {
      await tx.query(
        `insert into claims (task_id, node, bond) values ($1, $2, $3::numeric)
         on conflict (task_id) do update set node = excluded.node, bond = excluded.bond`,
        [taskId, claim.node, claim.bond.toString()],
      );
    }
  }
}

async function writeAmount(
  tx: Queryable,
  table: "debts" | "overdrafts",
  key: "owner" | "account",
  name: string,
  amount: bigint,
): Promise<void> {
  if (amount > 0n) {
    await tx.query(
      `insert into ${table} (${key}, amount) values ($1, $2::numeric) on conflict (${key}) do update set amount = excluded.amount`,
      [name, amount.toString()],
    );
  } else await tx.query(`delete from ${table} where ${key} = $1`, [name]);
}
