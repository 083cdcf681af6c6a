// @ts-check
import { byId, h, updateList } from "./dom.js";
import { ago, formatAmount, shortId } from "./format.js";
import { words } from "./state.js";

const STEPS = ["open", "awarded", "running", "delivered", "settled"];
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

/**
 * @param {import("./state.js").TaskSeen} task
 * @param {import("./state.js").State} state
 * @param {Money} money
 */
function taskContent(task, state, money) {
  const reached = STEPS.indexOf(task.state);
  const isOver = reached < 0;
  const steps = h(
    "ol",
    { class: "steps", "aria-hidden": "true" },
    ...STEPS.map((step, at) =>
      h("li", {
        class: isOver
          ? "off"
          : at < reached
            ? "done"
            : at === reached
              ? at === STEPS.length - 1
                ? "done"
                : "now"
              : "",
        title: step,
      }),
    ),
  );
  const price = task.split
    ? money.text(task.split.charge)
    : task.price
      ? money.text(task.price)
      : `≤ ${money.text(task.maxPrice)}`;
  const nodeName = task.node && (state.nodes.get(task.node)?.name || shortId(task.node));
  const summary = h(
    "summary",
    {},
    h("span", { class: "what" }, h("strong", {}, task.capability), h("span", { class: "id" }, shortId(task.id))),
    h("span", { class: "price" }, price),
    h(
      "span",
      { class: "where" },
      h("span", { class: "pill", "data-state": task.state }, task.state),
      task.why ?? (nodeName ? `on ${nodeName}` : "waiting for bids"),
    ),
    time(task.openedAt),
    steps,
  );
  return [h("details", {}, summary, taskFacts(task, nodeName, money))];
}

/**
 * @param {import("./state.js").TaskSeen} task
 * @param {string | undefined} nodeName
 * @param {Money} money
 */
function taskFacts(task, nodeName, money) {
  const { split } = task;
  return facts([
    ["task", task.id],
    ["requester", task.requester],
    ["at most", money.text(task.maxPrice)],
    ["awarded", task.price && `${money.text(task.price)} to ${nodeName} (${task.node})`],
    ["round", task.roundId],
    [
      "charged",
      split &&
        `${money.text(split.charge)} = provider ${money.bare(split.payment)} + creator ${money.bare(split.royalty)} + platform ${money.bare(split.fee)}`,
    ],
    ["refunded", split && money.text(split.refund)],
    ["transaction", task.txHash && `${task.txHash}${task.paid ? "" : " (waiting for the chain)"}`],
  ]);
}

/**
 * @param {import("./state.js").RoundSeen & { prices: string[] }} round
 * @param {Money} money
 */
function roundContent(round, money) {
  const awards = round.awards ?? round.prices.length;
  const outcome =
    round.closedAt === undefined
      ? "bids are sealed"
      : awards === 0
        ? "no award"
        : `${plural(awards, "award")}${round.prices.length > 0 ? ` at ${round.prices.map(money.bare).join(", ")}` : ""}`;
  return [
    h(
      "p",
      { class: "line" },
      h("strong", {}, round.capability),
      h(
        "span",
        { class: "pill", "data-state": round.closedAt === undefined ? "open" : "closed" },
        round.closedAt === undefined ? "open" : words(round.reason ?? "closed"),
      ),
    ),
    h(
      "p",
      { class: "line quiet" },
      h("span", {}, `${plural(round.tasks, "task")} · ${plural(round.nodes, "node")} asked · ${outcome}`),
      time(round.closedAt ?? round.openedAt),
    ),
    h("p", { class: "id", title: round.id }, shortId(round.id)),
  ];
}

/** @param {import("./state.js").NodeSeen} node */
function nodeContent(node) {
  return [
    h(
      "p",
      { class: "line" },
      h(
        "span",
        {},
        h("span", { class: "dot", "data-online": String(node.online) }),
        h("strong", {}, node.name || "node"),
        h("span", { class: "visually-hidden" }, node.online ? " online" : " offline"),
      ),
      h("span", { class: "id", title: node.id }, shortId(node.id)),
    ),
    h(
      "p",
      { class: "line quiet" },
      h("span", {}, `${plural(node.slots, "slot")} · ${node.delivered} delivered`),
      node.online ? "online" : time(node.seenAt),
    ),
  ];
}

/**
 * @param {import("./state.js").TaskSeen} task
 * @param {Money} money
 */
function paymentContent(task, money) {
  const { split } = task;
  if (!split) return [];
  const share = (/** @type {string} */ part) =>
    split.charge === "0" ? "0%" : `${Number((BigInt(part) * 1_000n) / BigInt(split.charge)) / 10}%`;
  const bar = h("span", { class: "split", "aria-hidden": "true" });
  for (const [name, part] of [
    ["provider", split.payment],
    ["creator", split.royalty],
    ["platform", split.fee],
  ]) {
    const piece = h("span", { class: name });
    piece.style.width = share(part ?? "0");
    bar.append(piece);
  }
  return [
    h(
      "p",
      { class: "line" },
      h("strong", {}, money.text(split.charge)),
      h("span", { class: "pill", "data-state": task.paid ? "settled" : "running" }, task.paid ? "on chain" : "sent"),
    ),
    bar,
    h(
      "p",
      { class: "line quiet" },
      h(
        "span",
        {},
        `provider ${money.bare(split.payment)} · creator ${money.bare(split.royalty)} · platform ${money.bare(split.fee)}`,
      ),
      time(task.updatedAt),
    ),
    h("p", { class: "id", title: task.txHash }, `tx ${shortId(task.txHash ?? "")}`),
  ];
}

/** @param {(readonly [string, string | undefined])[]} entries */
function facts(entries) {
  const list = h("dl", { class: "facts" });
  for (const [name, value] of entries) if (value) list.append(h("dt", {}, name), h("dd", {}, value));
  return list;
}

/** @param {number} at */
function time(at) {
  return h("time", { datetime: new Date(at).toISOString(), "data-at": String(at) }, ago(at, Date.now()));
}

/** @param {readonly import("./state.js").TaskSeen[]} tasks */
function pricesByRound(tasks) {
  /** @type {Map<string, string[]>} */
  const prices = new Map();
  for (const { roundId, price } of tasks)
    if (roundId && price) prices.set(roundId, [...(prices.get(roundId) ?? []), price]);
  return prices;
}

/** @typedef {{ text: (units: string) => string, bare: (units: string) => string }} Money */

/**
 * @param {any} market
 * @returns {Money}
 */
function moneyOf(market) {
  const { decimals = 6, symbol = "" } = market?.token ?? {};
  const bare = (/** @type {string} */ units) => formatAmount(units, decimals);
  return { bare, text: (units) => `${bare(units)} ${symbol}`.trim() };
}

/**
 * @param {number} count
 * @param {string} word
 */
function plural(count, word) {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** @param {number} seconds */
function duration(seconds) {
  return seconds >= 3_600
    ? `${Math.round(seconds / 360) / 10} h`
    : seconds >= 60
      ? `${Math.round(seconds / 6) / 10} min`
      : `${seconds} s`;
}
