import type { Narration } from "./narration.ts";
import { shortId } from "../terminal/short-id.ts";

/** What an award says, as an event has it and as a task has it. */
export interface AwardTold {
  roundId: string;
  node: string;
  price: string;
  royalty: string;
}

/** Tells who got the task and for how much, after how its round went. */
export async function tellAward(narration: Narration, award: AwardTold, at: number | string): Promise<void> {
  await tellRound(narration, award.roundId, award, at);
  if (!narration.once(`award ${award.roundId} ${award.node}`)) return;
  const { market, colours } = narration;
  const royalty = award.royalty === "0" ? "" : `, of which ${market.money.bare(award.royalty)} to the agent's creator`;
  narration.say(
    "awarded",
    `${await narration.nameOf(award.node)} at ${colours.bold(market.money.format(award.price))}${royalty}`,
    at,
  );
  narration.terminal.waiting("waiting for the node to start");
}

/** Tells who bid what for the task in a closed round, who passed and why, and who was silent. */
export async function tellRound(
  narration: Narration,
  roundId: string,
  award: AwardTold | null,
  at: number | string,
): Promise<void> {
  if (!narration.once(`round ${roundId}`) || narration.auctionIds.has(roundId)) return;
  const { market, taskId, colours } = narration;
  const { dim, green } = colours;
  const { bids, passes, silent } = await market.client.rounds.bids(roundId);
  const mine = bids.filter((bid) => bid.taskId === taskId).toSorted((a, b) => Number(BigInt(a.ask) - BigInt(b.ask)));
  const passed = passes.filter((pass) => pass.taskId === taskId);
  const count = `${mine.length} ${mine.length === 1 ? "bid" : "bids"}, ${passed.length} passed, ${silent.length} silent`;
  narration.say("round", `${shortId(roundId)} closed: ${count}`, at);
  for (const { node, ask } of mine) {
    narration.add(
      `${award?.node === node ? green("◆") : dim("·")} ${market.money.format(ask)}  ${await narration.nameOf(node)}`,
    );
  }
  for (const { node, sentence } of passed) narration.add(`${dim("–")} ${await narration.nameOf(node)}: ${sentence}`);
  for (const node of silent) narration.add(`${dim("–")} ${await narration.nameOf(node)}: did not answer in time`);
  if (award) narration.add(dim(whyPrice(mine.length)));
}

/** Why an award costs what it costs, in one sentence. */
function whyPrice(bidders: number): string {
  return bidders === 1
    ? "the only bid: with nobody to compete with, the price is what your maximum leaves after the fee"
    : `best of ${bidders}: the price is set by what the others bid, never by the winner's own bid`;
}
