import { bullmq } from "./bullmq.ts";
import { graphileWorker } from "./graphile-worker.ts";
import type { Peer } from "./peer.ts";
import { pgBoss } from "./pg-boss.ts";

/** Queues that move jobs durably, without a ledger, a market or bids. */
export const peers: readonly Peer[] = [pgBoss, graphileWorker, bullmq];
