import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { buffer } from "node:stream/consumers";

/** A span as it came over the wire. */
export interface CollectedSpan {
  service: string;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  startMs: number;
  endMs: number;
  attributes: Record<string, string>;
  /** Whether it says that something went wrong. */
  isFault: boolean;
}

/** Takes traces by OTLP over HTTP, as a collector does. */
export interface TraceCollector extends AsyncDisposable {
  readonly endpoint: string;
  readonly spans: readonly CollectedSpan[];
}

interface KeyValue {
  key: string;
  value: Record<string, unknown>;
}

/** The parts of the wire's JSON that are looked at, named as opentelemetry-proto names them. */
interface TracesRequest {
  resourceSpans: {
    resource: { attributes: KeyValue[] };
    scopeSpans: {
      spans: {
        traceId: string;
        spanId: string;
        parentSpanId?: string;
        name: string;
        startTimeUnixNano: string;
        endTimeUnixNano: string;
        attributes: KeyValue[];
        status?: { code?: number };
      }[];
    }[];
  }[];
}

const STATUS_ERROR = 2;

const textOf = (attributes: KeyValue[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, String(Object.values(value)[0])]));
const toMs = (nanoseconds: string) => Number(BigInt(nanoseconds) / 1_000n) / 1_000;

function spansOf({ resourceSpans }: TracesRequest): CollectedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = textOf(resource.attributes)["service.name"] ?? "";
    return scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        service,
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId ?? "",
        name: span.name,
        startMs: toMs(span.startTimeUnixNano),
        endMs: toMs(span.endTimeUnixNano),
        attributes: textOf(span.attributes),
        isFault: span.status?.code === STATUS_ERROR,
      })),
    );
  });
}

/** Starts a collector on a free port of this machine. */
export async function startTraceCollector(): Promise<TraceCollector> {
  const spans: CollectedSpan[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const isAsked = request.method === "POST" && request.url === "/v1/traces";
      const bytes = request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
      if (isAsked) spans.push(...spansOf(JSON.parse(bytes.toString()) as TracesRequest));
      response.writeHead(isAsked ? 200 : 404, { "content-type": "application/json" }).end("{}");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
