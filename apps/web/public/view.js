// @ts-check
import { byId, h, updateList } from "./dom.js";
import { ago, duration, moneyOf, shortId } from "./format.js";
import { nodeContent, paymentContent, roundContent } from "./side-view.js";
import { taskContent } from "./task-view.js";

const SHOWN_PAYMENTS = 8;
const SHOWN_ROUNDS = 6;

/**
 * Draws the whole state.
 * @param {import("./state.js").State} state
 * @param {any} market the market's terms, or null while they are not known
 */
export function draw(state, market) {
  const money = moneyOf(market);
  const tasks = [...state.tasks.values()].toSorted((a, b) => b.openedAt - a.openedAt);
  const rounds = [...state.rounds.values()].toSorted((a, b) => b.openedAt - a.openedAt).slice(0, SHOWN_ROUNDS);
  const nodes = [...state.nodes.values()].toSorted(
    (a, b) => Number(b.online) - Number(a.online) || a.name.localeCompare(b.name),
  );
  const paid = tasks
    .filter((task) => task.split && task.txHash)
    .toSorted((a, b) => b.updatedAt - a.updatedAt)
    .slice(0, SHOWN_PAYMENTS);
  const prices = pricesByRound(tasks);

  fill(
    "tasks",
    tasks,
    ({ id }) => id,
    (task) => taskContent(task, state, money),
  );
  fill(
    "rounds",
    rounds.map((round) => ({ ...round, prices: prices.get(round.id) ?? [] })),
    ({ id }) => id,
    (round) => roundContent(round, money),
  );
  fill("nodes", nodes, ({ id }) => id, nodeContent);
  fill(
    "payments",
    paid,
    ({ id }) => id,
    (task) => paymentContent(task, money),
  );

  const running = tasks.filter((task) => task.state === "running").length;
  byId("tasks-count").textContent = tasks.length === 0 ? "" : `${running} running · ${tasks.length} shown`;
  byId("nodes-count").textContent =
    nodes.length === 0 ? "" : `${nodes.filter(({ online }) => online).length} of ${nodes.length} online`;
}

/**
 * Draws the market's terms.
 * @param {any} market
 */
export function drawTerms(market) {
  const terms = byId("terms");
  const entries = [
    ["token", market.token.symbol],
    ["fee", `${market.feeBps / 100} %`],
    ["chain", String(market.chainId)],
    ["vault", shortId(market.vault)],
    ["round", `≤ ${market.roundWindowMs} ms`],
    ["approval", duration(market.approvalWindowSeconds)],
  ];
  terms.replaceChildren(
    ...entries.map(([name, value]) =>
      h("div", {}, h("dt", {}, name ?? ""), h("dd", name === "vault" ? { title: market.vault } : {}, value ?? "")),
    ),
  );
  terms.hidden = false;
}

/** Writes every "… ago" anew. */
export function drawTimes() {
  const now = Date.now();
  for (const element of document.querySelectorAll("time[data-at]")) {
    element.textContent = ago(Number(/** @type {HTMLElement} */ (element).dataset["at"]), now);
  }
}

/**
 * @template Item
 * @param {string} id
 * @param {readonly Item[]} items
 * @param {(item: Item) => string} keyOf
 * @param {(item: Item) => Node[]} contentOf
 */
function fill(id, items, keyOf, contentOf) {
  updateList(byId(id), items, keyOf, contentOf);
  byId(`${id}-empty`).hidden = items.length > 0;
}

/** @param {readonly import("./state.js").TaskSeen[]} tasks */
function pricesByRound(tasks) {
  /** @type {Map<string, string[]>} */
  const prices = new Map();
  for (const { roundId, price } of tasks)
    if (roundId && price) prices.set(roundId, [...(prices.get(roundId) ?? []), price]);
  return prices;
}
