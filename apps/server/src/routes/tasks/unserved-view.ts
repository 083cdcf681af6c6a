import {
  formatAmount,
  type MarketInfo,
  type UnservedCount,
  type UnservedView,
  type WireCostBand,
} from "@stoa/protocol";
import { remedyOf, unservedSentence } from "./unserved-sentences.ts";

/** Writes an amount of the market's token for people, such as "0.05 tUSD". */
export type MoneyOf = (units: bigint | string) => string;

/** Others than the requester see how many nodes gave a reason only to this many: exact counts tell of lone nodes' costs. */
const BAND = 3;

export function moneyOf({ token }: Pick<MarketInfo, "token">): MoneyOf {
  return (units) => `${formatAmount(BigInt(units), token.decimals)} ${token.symbol}`;
}

export interface ReasonReader {
  /** Whether the counts are told exactly. */
  isExact: boolean;
  /** The maximum price that was not enough; null when there was none. */
  maxPrice: bigint | null;
  money: MoneyOf;
}

/** A reason as its reader may see it, with what it means and what would help. */
export function unservedView({ reason, nodes, bands }: UnservedCount, reader: ReasonReader): UnservedView {
  const atLeast = reader.isExact ? nodes : Math.floor((nodes - 1) / BAND) * BAND + 1;
  return {
    reason,
    sentence: unservedSentence(reason),
    remedy: remedyOf(reason) ?? raise(bands ?? [], reader),
    nodes: { atLeast, atMost: reader.isExact ? nodes : atLeast + BAND - 1 },
    ...(bands && { bands }),
  };
}

function raise(bands: readonly WireCostBand[], { maxPrice, money }: ReasonReader): string {
  const next = bands.find(({ upTo }) => maxPrice === null || BigInt(upTo) > maxPrice);
  if (next) return `Raise the maximum to ${money(next.upTo)}: that pays for ${countText(next.nodes)} nodes more.`;
  return bands.length > 0
    ? "Raise the maximum, or wait until there is less to do."
    : "Raise the maximum; too few providers told what it costs there to name a figure.";
}

/** A count of nodes in words: "4", or "3 to 5". */
export function countText({ atLeast, atMost }: { atLeast: number; atMost: number }): string {
  return atLeast === atMost ? String(atMost) : `${atLeast} to ${atMost}`;
}
