import { estimateTask, nextBand, nodesWithin, platformFee, type CostBand, type TaskEstimate } from "@stoa/core";
import type { Quote, QuoteRequest, WireCostBand } from "@stoa/protocol";
import { countText, type MoneyOf, unservedView } from "../routes/tasks/unserved-view.ts";
import type { LiveAnswers } from "./open-quotes.ts";

/** What a deadline is taken for when none is given: the one that orders get by default. */
const DELIVER_SECONDS = 300;

export interface QuoteParts {
  request: QuoteRequest;
  live: LiveAnswers;
  /** Nodes that were not asked, counted. */
  unasked: readonly { reason: string; nodes: number }[];
  /** What recent tasks were awarded at. */
  prices: readonly bigint[];
  feeBps: number;
  money: MoneyOf;
}

/** Writes a quote: figures in bands or from past charges only, and all of it in a sentence. */
export function writeQuote({ request, live, unasked, prices, feeBps, money }: QuoteParts): Quote {
  const { capability, agentVersion, maxPrice, deliverInSeconds = DELIVER_SECONDS } = request;
  const estimate = estimateTask(live.answers, { feeBps, deliverInMs: deliverInSeconds * 1_000, others: unasked });
  const { bands, start, competitors, reasons } = estimate;
  const [cheapest] = bands;
  const past = pastCharges(prices, feeBps);
  const max = maxPrice === undefined ? null : BigInt(maxPrice);
  const next = max === null ? undefined : nextBand(bands, max);
  return {
    capability,
    ...(agentVersion && { agentVersion }),
    inputBytes: live.inputBytes,
    askedAt: new Date(live.askedAt).toISOString(),
    summary: summarise(estimate, past, money),
    competitors,
    price: { live: cheapest ? toWire(cheapest) : null, bands: bands.map(toWire), past },
    ...(maxPrice !== undefined &&
      max !== null && {
        maximum: { maxPrice, covers: nodesWithin(bands, max), ...(next && { raiseTo: next.upTo.toString() }) },
      }),
    start: start && {
      inSeconds: Math.ceil(start.inMs / 1_000),
      deliveredInSeconds: Math.ceil(start.deliveredInMs / 1_000),
    },
    reasons: reasons.map(({ reason, nodes }) =>
      unservedView({ reason, nodes }, { isExact: true, maxPrice: max, money }),
    ),
  };
}

function toWire({ above, upTo, nodes }: CostBand): WireCostBand {
  return { above: above.toString(), upTo: upTo.toString(), nodes };
}

/** The middle half of what recent tasks were charged: public since their rounds closed. */
function pastCharges(prices: readonly bigint[], feeBps: number): Quote["price"]["past"] {
  const charges = prices.map((price) => price + platformFee(price, feeBps)).sort((a, b) => (a < b ? -1 : 1));
  const at = (part: number) => charges[Math.round((charges.length - 1) * part)]?.toString() ?? "0";
  return charges.length === 0 ? null : { low: at(0.25), median: at(0.5), high: at(0.75), awards: charges.length };
}

function summarise({ competitors, bands, start }: TaskEstimate, past: Quote["price"]["past"], money: MoneyOf): string {
  const [cheapest] = bands;
  const who = competitors === 1 ? "1 node would bid now" : `${competitors} nodes would bid now`;
  if (!start) return `${who}, and none could later as things stand.${pastText(past, money)}`;
  const when =
    start.inMs === 0 ? "and could start at once" : `and one could start in about ${Math.ceil(start.inMs / 1_000)} s`;
  const price = cheapest
    ? ` ${countText(cheapest.nodes)} nodes would do it for ${cheapest.above === 0n ? "" : `more than ${money(cheapest.above)} and `}at most ${money(cheapest.upTo)}, fee included.`
    : " Too few providers told what it costs there to name a figure.";
  return `${who}, ${when}.${price}${pastText(past, money)}`;
}

function pastText(past: Quote["price"]["past"], money: MoneyOf): string {
  if (!past) return "";
  const { low, high, awards } = past;
  const range = low === high ? money(low) : `${money(low)} to ${money(high)}`;
  return ` Of late it was charged ${range} (${awards} ${awards === 1 ? "task" : "tasks"}).`;
}
