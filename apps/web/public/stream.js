// @ts-check

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/**
 * Follows the market's public events for as long as the page is open. A lost connection is taken up after the last
 * event seen.
 * @param {object} listener
 * @param {(isResumed: boolean) => void} listener.onOpen `isResumed` when nothing was missed
 * @param {(events: import("./state.js").MarketEvent[]) => void} listener.onEvents
 * @param {(retryInMs: number) => void} listener.onLost
 */
export function followEvents({ onOpen, onEvents, onLost }) {
  /** @type {number | undefined} */
  let lastSeq;
  let failures = 0;

  function connect() {
    const url = new URL("/api/v1/events", location.href.replace(/^http/, "ws"));
    if (lastSeq !== undefined) url.searchParams.set("after", String(lastSeq));
    const socket = new WebSocket(url, ["stoa.events"]);
    socket.addEventListener("open", () => {
      failures = 0;
      onOpen(lastSeq !== undefined);
    });
    socket.addEventListener("message", ({ data }) => {
      const events = JSON.parse(data);
      lastSeq = events.at(-1)?.seq ?? lastSeq;
      onEvents(events);
    });
    socket.addEventListener("close", () => {
      const waitMs = Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);
      failures += 1;
      onLost(waitMs);
      setTimeout(connect, waitMs);
    });
  }
  connect();
}
