// @ts-check
import { h, time } from "./dom.js";
import { plural, shortId } from "./format.js";
import { words } from "./state.js";

/**
 * @param {import("./state.js").RoundSeen & { prices: string[] }} round
 * @param {import("./format.js").Money} money
 */
export function roundContent(round, money) {
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
export function nodeContent(node) {
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
 * @param {import("./format.js").Money} money
 */
export function paymentContent(task, money) {
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
