import type { LanguageModelV4StreamPart } from "@ai-sdk/provider";
import type { Json } from "@stoa/protocol";
import Type from "typebox";
import { GrantRefusal } from "../grant-refusal.ts";
import { bookCall } from "./book-call.ts";
import { boundCall, type CallBounds, callProvider } from "./call-provider.ts";
import type { ModelRoom } from "./create-gateway.ts";
import { llmLimits } from "./model-settings.ts";
import { readChat } from "./read-chat.ts";
import { readParams } from "./read-params.ts";
import { readToolCall } from "./read-tool-call.ts";
import type { Reservation } from "./token-budget.ts";

const NextSchema = Type.Object({ stream: Type.Integer({ minimum: 1 }) }, { additionalProperties: false });

/** No tokenizer makes tokens this long on the whole: a model that writes more goes on beyond its end. */
const MOST_BYTES_PER_TOKEN = 16;
const SLACK_BYTES = 1_024;

interface Stream {
  name: string;
  reader: ReadableStreamDefaultReader<LanguageModelV4StreamPart>;
  bounds: CallBounds;
  reservation: Reservation;
  toolCalls: Json[];
  writtenBytes: number;
}

/** Bytes of text a part brings, seen by the agent or not. */
function bytesOf(part: LanguageModelV4StreamPart): number {
  return "delta" in part ? Buffer.byteLength(part.delta) : 0;
}

/** Answers that an execution fetches piece by piece. They end with its signal. */
export function openStreams({ budget, signal, timeMs, model }: ModelRoom) {
  const streams = new Map<number, Stream>();
  let started = 0;
  /** Those a provider has not answered yet: they take a place too. */
  let beginning = 0;

  /** Reads until there is text to give, or the end. */
  async function read(id: number, stream: Stream): Promise<Json> {
    const { name, reader, reservation, toolCalls } = stream;
    for (;;) {
      const { value: part, done } = await reader.read();
      if (done) throw new Error("the stream ended without an end");
      if (part.type === "error") throw part.error;
      stream.writtenBytes += bytesOf(part);
      if (stream.writtenBytes > reservation.maxTokens * MOST_BYTES_PER_TOKEN + SLACK_BYTES)
        throw new GrantRefusal(`${name} went on beyond its ${reservation.maxTokens} tokens`, `${name}: no end`);
      if (part.type === "tool-call") toolCalls.push(readToolCall(part));
      if (part.type === "text-delta" && part.delta !== "") return { text: part.delta, done: false };
      if (part.type !== "finish") continue;
      const { inputTokens, outputTokens } = part.usage;
      const used = reservation.settle({ input: inputTokens.total, output: outputTokens.total }, stream.writtenBytes);
      streams.delete(id);
      const finish = part.finishReason.unified;
      return { text: "", done: true, toolCalls, finish, usage: { ...used }, tokensLeft: budget.left() };
    }
  }

  return {
    async stream(params: Json): Promise<Json> {
      const { model: name, bytes, maxTokens, options } = readChat("llm.stream", params);
      const { settings, loaded } = await model(name);
      if (streams.size + beginning >= llmLimits.streams)
        throw new GrantRefusal(`${llmLimits.streams} streams are open; read one to its end first`);
      const reservation = budget.reserve(name, bytes, maxTokens);
      const bounds = boundCall({ name, settings, signal, timeMs });
      beginning += 1;
      const answer = await bookCall(reservation, () =>
        callProvider(bounds, (abortSignal) =>
          loaded.chat.doStream({ ...options, maxOutputTokens: reservation.maxTokens, abortSignal }),
        ),
      ).finally(() => {
        beginning -= 1;
      });
      started += 1;
      const reader = answer.stream.getReader();
      streams.set(started, { name, reader, bounds, reservation, toolCalls: [], writtenBytes: 0 });
      return { stream: started };
    },
    async next(params: Json): Promise<Json> {
      const { stream: id } = readParams("llm.next", NextSchema, params).value;
      const stream = streams.get(id);
      if (!stream) throw new GrantRefusal(`no stream ${id} is open`);
      const { reader, bounds, reservation } = stream;
      return await read(id, stream).catch(async (error: unknown) => {
        streams.delete(id);
        // It began to answer: that will have its price, whatever ended it.
        reservation.charge();
        await reader.cancel().catch(() => undefined);
        throw error instanceof GrantRefusal ? error : bounds.explain(error);
      });
    },
  };
}
