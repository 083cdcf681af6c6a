import { type Context, ROOT_CONTEXT, SpanStatusCode, trace, TraceFlags } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchSpanProcessor,
  type IdGenerator,
  RandomIdGenerator,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { type TaskSpan, type TaskTraces, traceOfTask, type TracingOptions } from "./task-traces.ts";

/** A collector that does not answer holds no process up at its end for longer. */
const LAST_EXPORT_MS = 3_000;

/** Gives the next span the ids it is to have, when it is to have some, and random ones otherwise. */
class TaskIds implements IdGenerator {
  readonly #random = new RandomIdGenerator();
  #next: { traceId: string; spanId: string } | undefined;

  for<Made>(ids: { traceId: string; spanId: string }, make: () => Made): Made {
    this.#next = ids;
    try {
      return make();
    } finally {
      this.#next = undefined;
    }
  }

  generateTraceId(): string {
    return this.#next?.traceId ?? this.#random.generateTraceId();
  }

  generateSpanId(): string {
    return this.#next?.spanId ?? this.#random.generateSpanId();
  }
}

/** Sends spans in batches to a collector by OTLP over HTTP. What it does not take is dropped: no work waits for it. */
export function exportTaskTraces({
  endpoint,
  ratio,
  service,
  version,
  instance,
}: TracingOptions & { endpoint: string }): TaskTraces {
  const ids = new TaskIds();
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, "")}/v1/traces` });
  const provider = new TracerProvider({
    idGenerator: ids,
    sampler: new TraceIdRatioBasedSampler(ratio),
    resource: resourceFromAttributes({
      "service.name": service,
      "service.version": version,
      "service.instance.id": instance,
    }),
    spanProcessors: [new BatchSpanProcessor({ exporter, exportTimeoutMillis: LAST_EXPORT_MS })],
  });
  const tracer = provider.getTracer("stoa", version);

  function record({ taskId, name, startMs, endMs, attributes, fault }: TaskSpan, parent: Context): void {
    const span = tracer.startSpan(
      name,
      { startTime: startMs, attributes: { "stoa.task": taskId, ...attributes } },
      parent,
    );
    if (fault !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: fault });
    span.end(Math.max(startMs, endMs));
  }

  return {
    isOn: true,
    recordTask: (span) => ids.for(traceOfTask(span.taskId), () => record(span, ROOT_CONTEXT)),
    recordStep(span) {
      const parent = { ...traceOfTask(span.taskId), traceFlags: TraceFlags.SAMPLED, isRemote: true };
      record(span, trace.setSpanContext(ROOT_CONTEXT, parent));
    },
    async [Symbol.asyncDispose]() {
      await provider.shutdown();
    },
  };
}
