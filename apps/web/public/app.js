// @ts-check
import { byId } from "./dom.js";
import { readMarket, readSnapshot } from "./snapshot.js";
import { applyEvent, emptyState } from "./state.js";
import { followEvents } from "./stream.js";
import { draw, drawTerms, drawTimes } from "./view.js";

/** News is read out at most this often, the last one only. */
const NEWS_MS = 4_000;

const state = emptyState();
/** @type {any} */
let market = null;
let isDrawing = false;
/** @type {string | null} */
let news = null;

function redraw() {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    draw(state, market);
  });
}

/**
 * @param {"connecting" | "live" | "away"} to
 * @param {string} text
 */
function showConnection(to, text) {
  const element = byId("connection");
  element.dataset["state"] = to;
  element.textContent = text;
}

async function readEverything() {
  market ??= await readMarket();
  drawTerms(market);
  await readSnapshot(state);
  redraw();
}

followEvents({
  onOpen(isResumed) {
    showConnection("live", "live");
    if (isResumed && market) return;
    readEverything().catch((error) => showConnection("away", `the market cannot be read: ${error.message}`));
  },
  onEvents(events) {
    for (const event of events) {
      news = applyEvent(state, event) ?? news;
      // Only the list knows a node's name.
      if (event.type === "node.online" && !state.nodes.get(event.data.node)?.name)
        readSnapshot(state).then(redraw, () => undefined);
    }
    redraw();
  },
  onLost(retryInMs) {
    showConnection("away", `the market is away; trying again in ${Math.ceil(retryInMs / 1_000)} s`);
  },
});

setInterval(drawTimes, 5_000);
setInterval(() => {
  if (news === null) return;
  byId("news").textContent = news;
  news = null;
}, NEWS_MS);
