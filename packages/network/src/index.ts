export { checkNodeLink } from "./check-node-link.ts";
export type { NodeSession } from "./hub/node-peer.ts";
export { startNodeHub } from "./hub/start-node-hub.ts";
export type { NodeHub, NodeHubOptions } from "./hub/start-node-hub.ts";
export { connectMarket } from "./link/connect-market.ts";
export type { LinkState, MarketLink, MarketLinkOptions } from "./link/connect-market.ts";
export type { NetworkLog } from "./network-log.ts";
export { nodeAddress } from "./node-address.ts";
