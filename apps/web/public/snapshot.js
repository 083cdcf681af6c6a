// @ts-check
import { MAX_ROUNDS, words } from "./state.js";

/** How many of the newest tasks are read whole, for their prices and payments. */
const DETAILED_TASKS = 20;

/** @param {string} path */
async function get(path) {
  const response = await fetch(`/api/v1${path}`, { headers: { accept: "application/json" } });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}

/** The market's terms. */
export function readMarket() {
  return get("/market");
}

/**
 * Reads how everything stands now into a state; what is in it already is kept where the answer is silent.
 * @param {import("./state.js").State} state changed in place
 */
export async function readSnapshot(state) {
  const [tasks, rounds, nodes] = await Promise.all([
    get("/tasks?limit=40"),
    get(`/auctions/rounds?limit=${MAX_ROUNDS}`),
    get("/nodes?limit=100"),
  ]);
  const whole = await Promise.all(
    tasks.items.slice(0, DETAILED_TASKS).map((/** @type {any} */ { id }) => get(`/tasks/${id}`).catch(() => null)),
  );
  const byId = new Map(whole.filter(Boolean).map((task) => [task.id, task]));
  // The lists begin with the newest, the maps with the oldest.
  for (const summary of tasks.items.reverse())
    state.tasks.set(summary.id, { ...state.tasks.get(summary.id), ...taskSeen(byId.get(summary.id) ?? summary) });
  for (const round of rounds.items.reverse())
    state.rounds.set(round.id, { ...state.rounds.get(round.id), ...roundSeen(round) });
  for (const node of nodes.items) {
    const { id, name, online, slots, awards, seenAt } = node;
    state.nodes.set(id, { id, name, online, slots, delivered: awards.delivered, seenAt: Date.parse(seenAt) });
  }
}

/**
 * @param {any} task
 * @returns {import("./state.js").TaskSeen}
 */
function taskSeen({
  id,
  capability,
  requester,
  state,
  maxPrice,
  openedAt,
  updatedAt,
  award,
  outcome,
  settlement,
  unserved,
}) {
  return {
    id,
    capability,
    requester,
    state,
    maxPrice,
    openedAt: Date.parse(openedAt),
    updatedAt: Date.parse(updatedAt),
    ...(award && { node: award.node, roundId: award.roundId, price: award.price, royalty: award.royalty }),
    ...(outcome?.kind === "settled" && { split: outcome }),
    ...(outcome?.kind === "unpaid" && { why: words(outcome.reason) }),
    ...(state === "open" &&
      unserved?.length > 0 && { why: unserved.map((/** @type {any} */ { reason }) => words(reason)).join(", ") }),
    ...(settlement?.txHash && { txHash: settlement.txHash }),
    ...(settlement?.state === "confirmed" && { paid: true }),
  };
}

/**
 * @param {any} round
 * @returns {import("./state.js").RoundSeen}
 */
function roundSeen({ id, capability, tasks, nodes, openedAt, closedAt, closeReason }) {
  return {
    id,
    capability,
    tasks,
    nodes,
    openedAt: Date.parse(openedAt),
    ...(closedAt && { closedAt: Date.parse(closedAt), reason: closeReason }),
  };
}
