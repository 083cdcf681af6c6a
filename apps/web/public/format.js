// @ts-check

/**
 * An integer amount as decimal text, without trailing zeros.
 * @param {string | bigint} units
 * @param {number} decimals
 */
export function formatAmount(units, decimals) {
  const value = BigInt(units);
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, "");
  return `${value < 0n ? "−" : ""}${whole}${fraction && `.${fraction}`}`;
}

/**
 * An id short enough for a line.
 * @param {string} id
 */
export function shortId(id) {
  return id.length <= 12 ? id : `${id.slice(0, 8)}…${id.slice(-4)}`;
}

/**
 * How long ago, in its largest unit.
 * @param {number} then epoch milliseconds
 * @param {number} now epoch milliseconds
 */
export function ago(then, now) {
  const seconds = Math.max(0, Math.round((now - then) / 1_000));
  if (seconds < 5) return "now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** @typedef {{ text: (units: string) => string, bare: (units: string) => string }} Money */

/**
 * @param {any} market
 * @returns {Money}
 */
export function moneyOf(market) {
  const { decimals = 6, symbol = "" } = market?.token ?? {};
  const bare = (/** @type {string} */ units) => formatAmount(units, decimals);
  return { bare, text: (units) => `${bare(units)} ${symbol}`.trim() };
}

/**
 * @param {number} count
 * @param {string} word
 */
export function plural(count, word) {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** @param {number} seconds */
export function duration(seconds) {
  return seconds >= 3_600
    ? `${Math.round(seconds / 360) / 10} h`
    : seconds >= 60
      ? `${Math.round(seconds / 6) / 10} min`
      : `${seconds} s`;
}
