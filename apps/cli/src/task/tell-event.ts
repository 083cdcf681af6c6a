import type { AnyEvent } from "@stoa/sdk";
import { tellAuction } from "../auction/tell-auction.ts";
import type { Narration } from "./narration.ts";
import { tellAward } from "./tell-award.ts";
import { tellUnserved } from "./tell-unserved.ts";
import { tellEnd, tellOutcome, tellPaid } from "./tell-end.ts";

/** Tells what happened to the task, as far as it was not told yet. */
export async function tellEvent(narration: Narration, event: AnyEvent): Promise<void> {
  const { colours, once, say, terminal } = narration;
  const { yellow, red } = colours;
  const { at } = event;
  switch (event.type) {
    case "task.awarded":
      return tellAward(narration, event.data, at);
    case "task.unserved":
      // The market has the reasons in sentences, counted exactly for the requester.
      await tellUnserved(narration, await narration.market.client.tasks.get(event.data.taskId), event.data.roundId, at);
      return terminal.waiting("waiting for the next round");
    case "task.reopened":
      return say(
        "lost",
        yellow(`${await narration.nameOf(event.data.node)}: ${event.data.fault}; the task is auctioned again`),
        at,
      );
    case "task.running":
      if (once(`running ${event.data.executionId}`)) say("running", await narration.nameOf(event.data.node), at);
      return terminal.waiting("running");
    case "execution.logged": {
      const { executionId, firstSeq, lines } = event.data;
      return narration.tellLines(
        executionId,
        lines.map(({ text }, index) => ({ seq: firstSeq + index, text })),
      );
    }
    case "execution.progressed":
      return terminal.waiting(`running  ${Math.round(event.data.fraction * 100)} %  ${event.data.text}`);
    case "task.subtasks_granted":
      return say("granted", `its node may order for ${narration.market.money.format(event.data.budget)}`, at);
    case "task.subtask_opened":
      return say(
        "ordered",
        `${event.data.capability}, at most ${narration.market.money.format(event.data.maxPrice)}`,
        at,
      );
    case "task.delivered":
      if (once("delivered")) say("delivered", event.data.resultHash, at);
      return terminal.waiting("waiting for the acceptance");
    case "task.accepted":
      if (once("accepted")) say("accepted", "by its requester", at);
      return;
    case "task.claimed":
      return say("claimed", `payable from ${new Date(event.data.payableAt).toISOString()} unless challenged`, at);
    case "task.settled":
      return tellOutcome(narration, event.data, at);
    case "settlement.submitted":
      if (once(`sent ${event.data.txHash}`)) say("sent", event.data.txHash, at);
      return terminal.waiting("waiting for the chain to confirm");
    case "settlement.confirmed":
      return tellPaid(narration, event.data.txHash, at);
    case "settlement.skipped":
      return say("unpaid", red(`the chain left it out: ${event.data.reason}`), at);
    case "task.cancelled":
      return tellEnd(narration, "cancelled", "by its requester", at);
    case "task.expired":
      return tellEnd(narration, "expired", event.data.reason, at);
    case "task.failed":
      return tellEnd(
        narration,
        "failed",
        event.data.message === "" ? event.data.reason : `${event.data.reason}: ${event.data.message}`,
        at,
      );
    case "auction.opened":
    case "auction.bid":
    case "auction.outbid":
    case "auction.extended":
    case "auction.closed":
      narration.auctionIds.add(event.data.auctionId);
      return tellAuction(narration, event);
    case "task.attempt_failed": {
      const { node, reason, attempt, notBefore } = event.data;
      const when = new Date(notBefore).toISOString();
      return say(
        "failed",
        yellow(`attempt ${attempt} on ${await narration.nameOf(node)}: ${reason}; again from ${when}`),
        at,
      );
    }
    case "task.retried":
      say("retried", `attempt ${event.data.attempt}`, at);
      return terminal.waiting("waiting for bids");
    case "task.dead":
      return tellEnd(
        narration,
        "dead",
        `${event.data.reason} after ${event.data.attempts} attempts; kept for stoa task retry`,
        at,
      );
    default:
  }
}
