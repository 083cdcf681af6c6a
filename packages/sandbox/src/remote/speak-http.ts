import { EventSourceParserStream } from "eventsource-parser/stream";
import { EndpointFault } from "./endpoint-fault.ts";
import type { RemoteCall, RemoteProtocol } from "./protocol.ts";

/** What is kept of an answer that only says what went wrong. */
const SAID_LENGTH = 300;

async function said(response: Response): Promise<string> {
  const text = (await response.text()).trim();
  return text === "" ? "" : `: ${text.slice(0, SAID_LENGTH)}`;
}

function readEvent(data: string, event: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(data);
    if (typeof json === "object" && json !== null) return json as Record<string, unknown>;
  } catch {
    // Told below, with what is not an object.
  }
  throw new EndpointFault("bad_output", `the endpoint's event ${event} does not hold a JSON object`);
}

/** Reads `log`, `progress`, `error` and `result` events, up to the result. */
async function readEvents(response: Response, { onLog, onProgress }: RemoteCall): Promise<string> {
  const events = response
    .body!.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)
    .pipeThrough(new EventSourceParserStream());
  for await (const { event = "message", data } of events) {
    if (event === "result") return data;
    if (event === "error") throw new EndpointFault("crashed", String(readEvent(data, event)["message"]));
    if (event === "log") onLog(String(readEvent(data, event)["text"]));
    if (event === "progress") {
      const { fraction, text = "" } = readEvent(data, event);
      onProgress(Number(fraction), String(text));
    }
  }
  throw new EndpointFault("crashed", "the endpoint ended its events without a result", { isPassing: true });
}

/** Plain HTTP: the input as a POST's body, the output as its answer, or a stream of events that ends with it. */
export const speakHttp: RemoteProtocol = {
  async call(call) {
    const { manifest, input, wire, signal } = call;
    const response = await wire.fetch(manifest.artifact.url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
      body: JSON.stringify(input),
      signal,
    });
    if (!response.ok)
      throw new EndpointFault("crashed", `the endpoint answered with status ${response.status}${await said(response)}`);
    const type = response.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
    if (type === "text/event-stream" && response.body) return await readEvents(response, call);
    if (type !== "application/json")
      throw new EndpointFault(
        "bad_output",
        `the output is not JSON: the endpoint's answer is of type ${JSON.stringify(type ?? "none")}`,
      );
    return await response.text();
  },
  isWork: () => true,
  async probe({ manifest, wire, signal }) {
    // Most endpoints that take a POST know no HEAD: that they say so is a sign of life.
    const response = await wire.fetch(manifest.artifact.url, { method: "HEAD", signal });
    if (response.status >= 500)
      throw new EndpointFault("crashed", `the endpoint answered with status ${response.status}`);
  },
};
