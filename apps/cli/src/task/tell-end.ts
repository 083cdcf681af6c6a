import type { MarketEvents } from "@stoa/protocol";
import type { Money } from "../terminal/money.ts";
import type { Narration } from "./narration.ts";

type Split = Pick<MarketEvents["task.settled"], "charge" | "payment" | "royalty" | "fee" | "refund">;

/** Tells the money's way: the charge, who got which part of it, and what went back. */
export function tellOutcome(narration: Narration, split: Split, at: number | string): void {
  if (!narration.once("settled")) return;
  narration.say("settled", splitText(narration.market, split, narration.colours.bold), at);
  narration.terminal.waiting("waiting for the chain");
}

/** The split of a settled task in words. */
export function splitText({ money }: { money: Money }, split: Split, emphasis: (text: string) => string): string {
  const { bare, format } = money;
  const parts = `provider ${bare(split.payment)} + creator ${bare(split.royalty)} + platform ${bare(split.fee)}`;
  return `charged ${emphasis(format(split.charge))} = ${parts}; refunded ${format(split.refund)}`;
}

/** Tells that the chain has it. */
export function tellPaid(narration: Narration, txHash: string | null, at: number | string): void {
  if (narration.once("paid")) narration.say("paid", `${narration.colours.green("on chain")}  ${txHash ?? ""}`, at);
}

/** Tells an end without a payment. */
export function tellEnd(narration: Narration, state: string, why: string, at: number | string): void {
  if (narration.once("end")) narration.say(state, narration.colours.red(`${why}; nothing was charged`), at);
}
