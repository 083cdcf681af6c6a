import type { Node } from "@stoa/protocol";
import type { NodeRow } from "@stoa/store";
import { toIso } from "../../http/pagination.ts";

/** A node as everyone may see it. */
export function nodeView(row: NodeRow): Node {
  const {
    id,
    provider,
    name,
    online,
    suspendedFor,
    slots,
    running,
    agents,
    stake,
    bonded,
    delivered,
    failed,
    faulted,
    refused,
    notStarted,
    notDelivered,
    damages,
    lastFault,
    linkedAt,
    seenAt,
  } = row;
  return {
    id,
    provider,
    name,
    online,
    suspendedFor,
    slots,
    running,
    agents,
    stake: stake.toString(),
    bonded: bonded.toString(),
    awards: { delivered, failed, faulted },
    faults: {
      refused,
      notStarted,
      notDelivered,
      damages: damages.toString(),
      last: lastFault && { ...lastFault, at: toIso(lastFault.at) },
    },
    linkedAt: toIso(linkedAt),
    seenAt: toIso(seenAt),
  };
}
