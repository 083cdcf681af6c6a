export { startEndpoint } from "./start-endpoint.ts";
export type { EndpointProcess, EndpointScript } from "./start-endpoint.ts";
export type { Seen } from "./serve.ts";
