export { findPrometheus, startPrometheus } from "./start-prometheus.ts";
export type { Prometheus } from "./start-prometheus.ts";
export { startTraceCollector } from "./start-trace-collector.ts";
export type { CollectedSpan, TraceCollector } from "./start-trace-collector.ts";
