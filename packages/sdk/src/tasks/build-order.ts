import {
  type AuctionMode,
  DEFAULT_START_SECONDS,
  type Hash,
  hashJson,
  IN_THE_CLEAR,
  type Json,
  limits,
  type MarketInfo,
  MAX_AMOUNT,
  type Order,
  parseAddress,
  type RetryPolicy,
  StoaError,
  taskHash,
  type TaskSpec,
} from "@stoa/protocol";

/** What a requester wants done, before it is put into an order. */
export interface TaskRequest {
  /** A dotted name such as `text.summarize`. */
  capability: string;
  /** Only this agent version may do it; any that offers the capability otherwise. */
  agentVersion?: Hash;
  input: Json;
  /** The most it may cost, platform fee included, in the token's smallest unit. */
  maxPrice: bigint;
  /** Seconds from now to the result; five minutes unless said otherwise. */
  deliverInSeconds?: number;
  /** Seconds a node has from its award to start; thirty, or half the time to the result, unless said otherwise. */
  startBySeconds?: number;
  /** The most of the price that may go to the agent's creator; the maximum price unless said otherwise. */
  royaltyCap?: bigint;
  /** Sealed bids and a clearing price unless it says open: a public descending auction, paid at the winner's own bid. */
  auction?: AuctionMode;
  /** What the agent may order of others while it runs, on top of `maxPrice`; see `client.tasks.grantSubtasks`. */
  subtaskBudget?: bigint;
  /** How often it is tried, and what becomes of it then; without it an agent's failure ends the task. */
  retry?: RetryPolicy;
  /** A note the nodes can read. */
  memo?: string;
}

export interface OrderContext {
  requester: Order["requester"];
  /** Epoch milliseconds. */
  now: number;
  /** 32 random bytes as an integer. */
  nonce: bigint;
  /** Unix seconds until which the signing key may order; a session key's end. */
  signableUntil?: bigint;
}

export const DEFAULT_DELIVER_SECONDS = 300;
/** How far this clock and the market's may differ without an order being refused for it. */
const CLOCK_MARGIN_SECONDS = 30;

/**
 * Writes the specification and the order of a request for this market. Settlement gets all the time that the market's
 * withdrawal delay leaves, so that a chain that is away for long costs nobody the payment.
 * @throws {StoaError} `invalid_price`, `invalid_deadline` naming the longest one the market takes
 */
export function buildOrder(
  info: MarketInfo,
  request: TaskRequest,
  context: OrderContext,
): { spec: TaskSpec; order: Order } {
  const { maxPrice, royaltyCap = maxPrice } = request;
  if (maxPrice <= 0n || maxPrice > MAX_AMOUNT) {
    throw new StoaError(
      "invalid_price",
      `the maximum price must be above zero and at most ${MAX_AMOUNT}, got ${maxPrice}`,
    );
  }
  const { deliverBy, settleBy } = deadlines(info, request, context);
  const { deliverInSeconds = DEFAULT_DELIVER_SECONDS } = request;
  const spec: TaskSpec = {
    capability: request.capability,
    ...(request.agentVersion === undefined ? {} : { agentVersion: request.agentVersion }),
    inputHash: hashJson(request.input),
    startBySeconds: request.startBySeconds ?? Math.min(DEFAULT_START_SECONDS, Math.ceil(deliverInSeconds / 2)),
    verification: { policy: "approval" },
    // Sealed is what an absent field says: the same request has one hash.
    ...(request.auction === "open" ? { auction: "open" as const } : {}),
    ...(request.subtaskBudget === undefined ? {} : { subtasks: { budget: request.subtaskBudget.toString() } }),
    ...(request.retry === undefined ? {} : { retry: request.retry }),
    ...(request.memo === undefined ? {} : { memo: request.memo }),
  };
  const order: Order = {
    requester: context.requester,
    operator: parseAddress(info.operator),
    token: parseAddress(info.token.address),
    taskHash: taskHash(spec),
    maxPrice,
    feeCapBps: Math.min(info.feeBps, limits.maxFeeBps),
    royaltyCap,
    deliverBy: BigInt(deliverBy),
    settleBy: BigInt(settleBy),
    nonce: context.nonce,
    resultKey: IN_THE_CLEAR,
  };
  return { spec, order };
}

/** In Unix seconds. */
function deadlines(info: MarketInfo, request: TaskRequest, { now, signableUntil }: OrderContext) {
  const { deliverInSeconds = DEFAULT_DELIVER_SECONDS } = request;
  if (!Number.isInteger(deliverInSeconds) || deliverInSeconds < 1) {
    throw new StoaError(
      "invalid_deadline",
      `the deadline must be a whole number of seconds above zero, got ${deliverInSeconds}`,
    );
  }
  const seconds = Math.floor(now / 1_000);
  const deliverBy = seconds + deliverInSeconds;
  const afterwards = info.approvalWindowSeconds + info.challengeWindowSeconds;
  const allowed = seconds + info.withdrawDelaySeconds - info.challengeWindowSeconds - CLOCK_MARGIN_SECONDS;
  const settleBy = signableUntil === undefined ? allowed : Math.min(allowed, Number(signableUntil));
  if (deliverBy + afterwards > settleBy) {
    const longest = Math.max(0, settleBy - afterwards - seconds);
    throw new StoaError(
      "invalid_deadline",
      `a deadline of ${deliverInSeconds} s is too long here, expected at most ${longest} s`,
    );
  }
  return { deliverBy, settleBy };
}
