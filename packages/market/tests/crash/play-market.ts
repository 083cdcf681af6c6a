import { type Address, hashJson, StoaError, type TaskId, type TaskState } from "@stoa/protocol";
import { type Database, sumBalances } from "@stoa/store";
import { createMarketFixture, type FixtureNode, type FixtureVaultEvent, type MarketFixture } from "@stoa/testkit";
import { privateKeyToAccount } from "viem/accounts";
import type { Burst, Move, MoveKind } from "./move.ts";

const REQUESTERS = 3;
const NODES = 4;

/** A move that the market said was done: an event of the task that must be there whatever happens afterwards. */
export interface Promised {
  taskId: TaskId;
  event: string;
}

export interface Player {
  /**
   * Makes the moves of a burst at once.
   * @throws {AggregateError} for anything but a refusal, or the database being away
   */
  play(burst: Burst): Promise<void>;
}

interface Cast {
  market: MarketFixture;
  requesters: Awaited<ReturnType<MarketFixture["requester"]>>[];
  nodes: FixtureNode[];
  orders: Map<string, Awaited<ReturnType<MarketFixture["order"]>>>;
  promise(taskId: TaskId, event: string): void;
}

/**
 * Opens a market whose keys follow from the seed, so that a process started after a crash plays on with the same cast.
 * @param sitting how often the market was opened before; the clock is later each time
 */
export async function openPlayer(
  database: Database,
  seed: string,
  sitting: number,
  onPromise: (promised: Promised) => void,
): Promise<Player> {
  let keys = 0;
  const newKey = () => privateKeyToAccount(hashJson([seed, (keys += 1)]));
  const market = await createMarketFixture({ database, newKey, startAt: 1_800_000_000_000 + sitting * 10_000 });
  const requesters = [];
  for (let at = 0; at < REQUESTERS; at += 1) requesters.push(await market.requester(400_000n));
  const nodes = [];
  for (let at = 0; at < NODES; at += 1) nodes.push(await market.node({ slots: 2, stake: 20_000n }));
  const cast: Cast = {
    market,
    requesters,
    nodes,
    orders: new Map(),
    promise: (taskId, event) => onPromise({ taskId, event }),
  };
  return {
    async play(burst) {
      const results = await Promise.allSettled(burst.map((move) => moves[move.kind](cast, move)));
      const faults = results.flatMap((result) =>
        result.status === "rejected" && !isRefusal(result.reason) ? [result.reason as Error] : [],
      );
      if (faults.length > 0) throw new AggregateError(faults, faults.map(({ message }) => message).join("; "));
    },
  };
}

function isRefusal(error: unknown): boolean {
  return error instanceof StoaError && error.definition.kind !== "bug";
}

type Play = (cast: Cast, move: Move) => Promise<unknown>;

const moves: Record<MoveKind, Play> = {
  deposit: (cast, { amount, ...move }) =>
    vault(cast, () => [{ type: "deposited", owner: owner(cast, move), amount: BigInt(amount) }]),
  withdrawRequest: (cast, { amount, ...move }) =>
    vault(cast, async () => {
      const { available, held } = await sumBalances(cast.market.database, owner(cast, move));
      const most = available + held;
      return most > 0n
        ? [{ type: "withdrawal_requested", owner: owner(cast, move), amount: (most * BigInt(amount)) / 400_000n + 1n }]
        : [];
    }),
  withdrawCancel: (cast, move) =>
    vault(cast, async () => {
      const { withdrawing } = await sumBalances(cast.market.database, owner(cast, move));
      return withdrawing > 0n ? [{ type: "withdrawal_cancelled", owner: owner(cast, move), amount: withdrawing }] : [];
    }),
  withdrawComplete: (cast, move) =>
    vault(cast, async () => {
      const { withdrawing } = await sumBalances(cast.market.database, owner(cast, move));
      return withdrawing > 0n ? [{ type: "withdrawal_completed", owner: owner(cast, move), amount: withdrawing }] : [];
    }),
  stake: (cast, { amount, ...move }) =>
    vault(cast, () => [{ type: "staked", ...staker(cast, move), amount: BigInt(amount) }]),
  unstakeRequest: (cast, { amount, ...move }) =>
    vault(cast, () => [{ type: "unstake_requested", ...staker(cast, move), amount: BigInt(amount) }]),
  unstakeComplete: (cast, move) =>
    vault(cast, async () => {
      const { unstaking } = await sumBalances(cast.market.database, staker(cast, move).provider);
      return unstaking > 0n ? [{ type: "unstake_completed", ...staker(cast, move), amount: unstaking }] : [];
    }),
  async submit(cast, { who, what, amount }) {
    const requester = pick(cast.requesters, who)!;
    const deliverBy = BigInt(Math.floor(cast.market.now() / 1_000) + 40 + (what % 560));
    const order = await cast.market.order(requester, { maxPrice: BigInt(amount) / 8n + 1n, order: { deliverBy } });
    const { taskId } = await cast.market.market.submitTask(order);
    cast.orders.set(taskId, order);
    cast.promise(taskId, "task.opened");
  },
  async resubmit(cast, { what }) {
    const order = pick([...cast.orders.values()], what);
    if (order) await cast.market.market.submitTask(order);
  },
  cancel: (cast, move) =>
    withTask(cast, move, ["open"], async (taskId, requester) => {
      await cast.market.market.cancelTask({ taskId, requester });
      cast.promise(taskId, "task.cancelled");
    }),
  expire: (cast, move) => withTask(cast, move, ["open"], (taskId) => cast.market.market.expireTask(taskId)),
  async round(cast, { who, amount }) {
    const { market } = cast;
    const asked = {
      capability: market.capability,
      asked: cast.nodes.map(({ key }) => ({ node: key.address, waitedFor: true })),
    };
    const round = await market.market.openRound(asked);
    if (!round) return closeOpenRounds(market);
    const bidders = cast.nodes.filter((_, at) => (who >> at) % 2 === 0);
    const placed = bidders.map(async (node, at) =>
      market.market.placeSheet(await market.sheet(round, node, BigInt(amount % 10_000) + BigInt(at))),
    );
    // A node without the stake for its bonds is refused; the round goes on without it.
    const refused = (await Promise.allSettled(placed)).find(
      (result) => result.status === "rejected" && !isRefusal(result.reason),
    );
    if (refused?.status === "rejected") throw refused.reason;
    await market.market.closeRound(round.roundId, "window_elapsed");
  },
  start: (cast, move) =>
    withTask(cast, move, ["awarded"], async (taskId) => {
      await cast.market.start(taskId, await holder(cast, taskId));
      cast.promise(taskId, "task.running");
    }),
  deliver: (cast, move) =>
    withTask(cast, move, ["running"], async (taskId) => {
      await cast.market.deliver(taskId, await holder(cast, taskId));
      cast.promise(taskId, "task.delivered");
    }),
  accept: (cast, move) =>
    withTask(cast, move, ["delivered", "settled"], async (taskId, requester) => {
      await cast.market.accept(
        taskId,
        cast.requesters.find(({ address }) => address === requester)!,
      );
      cast.promise(taskId, "task.settled");
    }),
  fail: (cast, move) =>
    withTask(cast, move, ["awarded", "running"], async (taskId) => {
      const { key } = await holder(cast, taskId);
      await cast.market.market.failExecution({ taskId, node: key.address, reason: "crashed", message: "it threw" });
      cast.promise(taskId, "task.failed");
    }),
  fault: (cast, move) =>
    withTask(cast, move, ["awarded", "running"], (taskId) => cast.market.fault(taskId, "not_delivered")),
  async claim(cast, move) {
    cast.market.advance(300_000 * (move.amount % 2));
    await withTask(cast, move, ["delivered"], (taskId) => cast.market.market.claimTask(taskId));
  },
  chainClaimed: (cast, move) =>
    withTask(cast, move, ["delivered"], (taskId) =>
      vault(cast, async () => {
        if ((await isClaimed(cast, taskId, "either")) || !(await isUnpaid(cast, taskId))) return [];
        const node = (await holder(cast, taskId)).key.address;
        return [{ type: "claimed", orderHash: taskId, node, payableAt: cast.market.now() }];
      }),
    ),
  challenge: (cast, move) =>
    withTask(cast, move, ["delivered"], (taskId, requester) => challenge(cast, taskId, requester)),
  rule: (cast, move) =>
    withTask(cast, move, ["delivered"], (taskId) =>
      vault(cast, async () => {
        if (!(await isClaimed(cast, taskId, "challenged"))) return [];
        const ruled = { type: "ruled", orderHash: taskId, pay: move.amount % 2 === 0 } as const;
        return ruled.pay ? [ruled] : [ruled, { type: "claim_released", orderHash: taskId }];
      }),
    ),
  settleClaimed: (cast, move) =>
    withTask(cast, move, ["delivered"], (taskId) => cast.market.market.settleClaimedTask(taskId)),
  chainSettled: (cast, move) =>
    withTask(cast, move, ["settled", "delivered"], (taskId, _requester, state) =>
      vault(cast, async () =>
        state === "settled" || (await isClaimed(cast, taskId)) ? [await cast.market.settledEvent(taskId)] : [],
      ),
    ),
  advance: (cast, { amount }) => Promise.resolve(cast.market.advance(amount % 30_000)),
};

const lastBlocks = new WeakMap<MarketFixture, Promise<unknown>>();

/** The chain's blocks come one after another, each telling only what is possible when it is made. */
function vault(cast: Cast, events: () => FixtureVaultEvent[] | Promise<FixtureVaultEvent[]>): Promise<unknown> {
  const before = lastBlocks.get(cast.market) ?? Promise.resolve();
  const block = before.catch(() => {}).then(async () => cast.market.vault(...(await events())));
  lastBlocks.set(cast.market, block);
  return block;
}

async function challenge({ market, requesters: _, ...cast }: Cast, taskId: TaskId, requester: Address): Promise<void> {
  await vault({ market, requesters: _, ...cast }, async () => {
    const { available } = await sumBalances(market.database, requester);
    const claimed = await isClaimed({ market }, taskId);
    return claimed && available > 10n ? [{ type: "challenged", orderHash: taskId, requester, bond: 10n }] : [];
  });
}

/** Whether the chain has an open claim of the task that nobody has challenged. */
async function isClaimed(
  { market }: Pick<Cast, "market">,
  taskId: TaskId,
  which: "open" | "challenged" | "either" = "open",
): Promise<boolean> {
  const [claim] = await market.database.query<{ bond: bigint }>("select bond from claims where task_id = $1", [taskId]);
  if (!claim) return false;
  return which === "either" || (which === "challenged") === claim.bond > 0n;
}

/** Whether the chain has not settled the task's order yet. */
async function isUnpaid({ market }: Pick<Cast, "market">, taskId: TaskId): Promise<boolean> {
  const rows = await market.database.query("select 1 from settlements where task_id = $1 and state = 'confirmed'", [
    taskId,
  ]);
  return rows.length === 0;
}

async function closeOpenRounds({ market, database, capability }: MarketFixture): Promise<void> {
  const open = await database.query<{ id: Parameters<typeof market.closeRound>[0] }>(
    "select id from rounds where state = 'open' and capability = $1",
    [capability],
  );
  for (const { id } of open) await market.closeRound(id, "window_elapsed");
}

type Act = (taskId: TaskId, requester: Address, state: TaskState) => Promise<unknown>;

/** Does something to some task in one of the states, or, one time in eight, to a task in any. */
async function withTask({ market }: Cast, { what, who }: Move, states: readonly TaskState[], act: Act): Promise<void> {
  const rows = await market.database.query<{ id: TaskId; requester: Address; state: TaskState }>(
    "select id, requester, state from tasks where capability = $1 and (state = any($2::text[]) or $3) order by id",
    [market.capability, states, who % 8 === 0],
  );
  const task = pick(rows, what);
  if (task) await act(task.id, task.requester, task.state);
}

async function holder({ market, nodes }: Cast, taskId: TaskId): Promise<FixtureNode> {
  const [row] = await market.database.query<{ node: Address }>(
    "select node from awards join tasks on award_hash = hash where tasks.id = $1",
    [taskId],
  );
  const node = nodes.find(({ key }) => key.address === row?.node);
  if (!node) throw new StoaError("not_assigned", `the task ${taskId} has no award`);
  return node;
}

function owner(cast: Cast, { who }: { who: number }): Address {
  const owners = [
    ...cast.requesters.map(({ address }) => address),
    ...cast.nodes.map(({ provider }) => provider.address),
  ];
  return pick(owners, who)!;
}

function staker(cast: Cast, { who }: { who: number }): { provider: Address; node: Address } {
  const { provider, key } = pick(cast.nodes, who)!;
  return { provider: provider.address, node: key.address };
}

function pick<Item>(items: readonly Item[], at: number): Item | undefined {
  return items[at % items.length];
}
