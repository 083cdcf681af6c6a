// @ts-check
import { h, time } from "./dom.js";
import { shortId } from "./format.js";

const STEPS = ["open", "awarded", "running", "delivered", "settled"];

/**
 * @param {import("./state.js").TaskSeen} task
 * @param {import("./state.js").State} state
 * @param {import("./format.js").Money} money
 */
export function taskContent(task, state, money) {
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
 * @param {import("./format.js").Money} money
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

/** @param {(readonly [string, string | undefined])[]} entries */
function facts(entries) {
  const list = h("dl", { class: "facts" });
  for (const [name, value] of entries) if (value) list.append(h("dt", {}, name), h("dd", {}, value));
  return list;
}
