import type { RecordAward } from "@stoa/protocol";
import type { AwardTerms } from "./model.ts";

/** An award as the public record has it: integers as text. */
export function recordAward(award: AwardTerms): RecordAward {
  return {
    orderHash: award.taskId,
    node: award.node,
    agentVersion: award.agentVersion,
    ask: award.ask.toString(),
    royalty: award.royalty.toString(),
    margin: award.margin.toString(),
    share: award.share.toString(),
    price: award.price.toString(),
    payment: award.payment.toString(),
    fee: award.fee.toString(),
    charge: award.charge.toString(),
  };
}
