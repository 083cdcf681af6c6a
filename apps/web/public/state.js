// @ts-check

/**
 * What the page shows, and how events change it. Applying an event again changes nothing, and events that were
 * overtaken by a snapshot are put right by those that follow, so a page may read the snapshot while events arrive.
 *
 * @typedef {object} TaskSeen
 * @property {string} id
 * @property {string} capability
 * @property {string} requester
 * @property {string} state
 * @property {string} maxPrice
 * @property {number} openedAt epoch milliseconds, as every instant here
 * @property {number} updatedAt
 * @property {string} [node]
 * @property {string} [roundId]
 * @property {string} [price]
 * @property {string} [royalty]
 * @property {{ charge: string, payment: string, royalty: string, fee: string, refund: string }} [split]
 * @property {string} [txHash]
 * @property {boolean} [paid]
 * @property {string} [why] why it has no taker, or ended unpaid
 *
 * @typedef {object} RoundSeen
 * @property {string} id
 * @property {string} capability
 * @property {number} tasks
 * @property {number} nodes
 * @property {number} openedAt
 * @property {number} [closedAt]
 * @property {string} [reason]
 * @property {number} [awards]
 *
 * @typedef {object} NodeSeen
 * @property {string} id
 * @property {string} name
 * @property {boolean} online
 * @property {number} slots
 * @property {number} delivered
 * @property {number} seenAt
 *
 * @typedef {object} State
 * @property {Map<string, TaskSeen>} tasks
 * @property {Map<string, RoundSeen>} rounds
 * @property {Map<string, NodeSeen>} nodes
 *
 * @typedef {{ seq: number, type: string, at: number, data: any }} MarketEvent
 */

/** Most tasks and rounds kept; the oldest go first. */
export const MAX_TASKS = 60;
export const MAX_ROUNDS = 30;

/** @returns {State} */
export function emptyState() {
  return { tasks: new Map(), rounds: new Map(), nodes: new Map() };
}

/** @type {Record<string, string>} what each event makes of its task */
const STATES = {
  "task.opened": "open",
  "task.unserved": "open",
  "task.reopened": "open",
  "task.awarded": "awarded",
  "task.running": "running",
  "task.delivered": "delivered",
  "task.accepted": "delivered",
  "task.claimed": "delivered",
  "task.settled": "settled",
  "task.cancelled": "cancelled",
  "task.expired": "expired",
  "task.failed": "failed",
  "task.attempt_failed": "open",
  "task.retried": "open",
  "task.dead": "dead",
};

/**
 * Applies one event.
 * @param {State} state changed in place
 * @param {MarketEvent} event
 * @returns {string | null} the event in words for who cannot see the page; null when it changes nothing here
 */
export function applyEvent(state, event) {
  if (event.type.startsWith("task.") || event.type.startsWith("settlement.")) return applyTaskEvent(state, event);
  if (event.type.startsWith("round.")) return applyRoundEvent(state, event);
  if (event.type.startsWith("node.")) return applyNodeEvent(state, event);
  return null;
}

/**
 * @param {State} state
 * @param {MarketEvent} event
 */
function applyTaskEvent(state, { type, at, data }) {
  const before = state.tasks.get(data.taskId);
  if (type === "task.opened" && !before) {
    const { taskId: id, capability, requester, maxPrice } = data;
    state.tasks.set(id, { id, capability, requester, maxPrice, state: "open", openedAt: at, updatedAt: at });
    forgetOldest(state.tasks, MAX_TASKS);
    return `A task for ${capability} was posted`;
  }
  // A task older than what the page holds.
  if (!before) return null;
  const task = { ...before, updatedAt: Math.max(before.updatedAt, at), state: STATES[type] ?? before.state };
  state.tasks.set(task.id, task);
  switch (type) {
    case "task.awarded":
      delete task.why;
      Object.assign(task, { node: data.node, roundId: data.roundId, price: data.price, royalty: data.royalty });
      return `A task for ${task.capability} was awarded`;
    case "task.unserved":
      task.why =
        data.reasons.map((/** @type {any} */ { reason, nodes }) => `${words(reason)} (${nodes})`).join(", ") ||
        "nobody was asked";
      return null;
    case "task.reopened":
      task.why = `${words(data.fault)}, auctioned again`;
      return null;
    case "task.attempt_failed":
      task.why = `attempt ${data.attempt}: ${words(data.reason)}`;
      return null;
    case "task.settled": {
      const { charge, payment, royalty, fee, refund } = data;
      task.split = { charge, payment, royalty, fee, refund };
      return `A task for ${task.capability} was settled`;
    }
    case "task.cancelled":
      task.why = "taken back by its requester";
      return null;
    case "task.expired":
    case "task.failed":
    case "task.dead":
      task.why = data.reason === task.state ? "its time ran out" : words(data.reason);
      return `A task for ${task.capability} ended unpaid`;
    case "settlement.submitted":
      task.txHash = data.txHash;
      return null;
    case "settlement.confirmed":
      Object.assign(task, { txHash: data.txHash, paid: true });
      return `A payment for ${task.capability} was confirmed`;
    default:
      return null;
  }
}

/**
 * @param {State} state
 * @param {MarketEvent} event
 */
function applyRoundEvent(state, { type, at, data }) {
  const before = state.rounds.get(data.roundId);
  if (type === "round.opened" && !before) {
    const { roundId: id, capability, tasks, nodes } = data;
    state.rounds.set(id, { id, capability, tasks, nodes, openedAt: at });
    forgetOldest(state.rounds, MAX_ROUNDS);
  }
  if (type === "round.closed" && before) {
    state.rounds.set(before.id, { ...before, closedAt: at, reason: data.reason, awards: data.awards });
  }
  return null;
}

/**
 * @param {State} state
 * @param {MarketEvent} event
 */
function applyNodeEvent(state, { type, at, data }) {
  const before = state.nodes.get(data.node) ?? {
    id: data.node,
    name: "",
    online: false,
    slots: 0,
    delivered: 0,
    seenAt: at,
  };
  const node = { ...before, seenAt: at };
  if (type === "node.online") Object.assign(node, { online: true, slots: data.slots });
  if (type === "node.offline") node.online = false;
  state.nodes.set(node.id, node);
  return type === "node.online" && !before.online ? "A node came online" : null;
}

/**
 * Keys are in the order they came in, so the first are the oldest.
 * @param {Map<string, unknown>} map
 * @param {number} most
 */
function forgetOldest(map, most) {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}

/** @param {string} code */
export function words(code) {
  return code.replaceAll("_", " ");
}
