export { DEFAULT_NODES } from "./options.ts";
export type { LocalNode, LocalOptions } from "./options.ts";
export { startLocalMarket } from "./start-local-market.ts";
export type { LocalMarket } from "./start-local-market.ts";
export { until } from "./until.ts";
export { privateKeyOf, wallets } from "./wallets.ts";
