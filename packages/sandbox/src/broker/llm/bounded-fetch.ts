import { llmLimits } from "./model-settings.ts";

/** A provider answered with more than is taken in. */
export class AnswerTooLong extends Error {
  constructor() {
    super(`the answer is over ${llmLimits.responseBytes} bytes`);
    this.name = "AnswerTooLong";
  }
}

function countingStream(): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.length;
      if (bytes > llmLimits.responseBytes) controller.error(new AnswerTooLong());
      else controller.enqueue(chunk);
    },
  });
}

/**
 * `fetch` for providers: an answer is bounded, and no redirect is followed, for the key would travel with it.
 */
export async function boundedFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, { ...init, redirect: "error" });
  if (!response.body) return response;
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(countingStream()), { status, statusText, headers });
}
