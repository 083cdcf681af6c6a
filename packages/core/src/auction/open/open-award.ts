import type { Hash, OpenAward } from "@stoa/protocol";
import { platformFee } from "../platform-fee.ts";
import type { OpenLead } from "./next-auction-state.ts";

/** The award of an open auction, as its record has it: the node's own bid, and the fee on top. */
export function openAward(orderHash: Hash, lead: OpenLead, feeBps: number): OpenAward {
  const { number, node, agentVersion, ask, royalty, price } = lead;
  const fee = platformFee(price, feeBps);
  return {
    orderHash,
    node,
    agentVersion,
    number,
    ask: ask.toString(),
    royalty: royalty.toString(),
    price: price.toString(),
    fee: fee.toString(),
    charge: (price + fee).toString(),
  };
}
