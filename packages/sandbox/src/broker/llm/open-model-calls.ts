import type { Json } from "@stoa/protocol";
import Type from "typebox";
import { GrantRefusal } from "../grant-refusal.ts";
import { bookCall } from "./book-call.ts";
import { boundCall, callProvider } from "./call-provider.ts";
import type { ModelRoom } from "./create-gateway.ts";
import { llmLimits } from "./model-settings.ts";
import { openStreams } from "./open-streams.ts";
import { readChat } from "./read-chat.ts";
import { readParams } from "./read-params.ts";
import { readToolCall } from "./read-tool-call.ts";

/** What an execution may ask of models. */
export interface ModelCalls {
  chat(params: Json): Promise<Json>;
  /** Begins an answer that is fetched piece by piece with `next`. */
  stream(params: Json): Promise<Json>;
  next(params: Json): Promise<Json>;
  embed(params: Json): Promise<Json>;
}

const EmbedSchema = Type.Object(
  {
    model: Type.String(),
    texts: Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: llmLimits.texts }),
  },
  { additionalProperties: false },
);

/** Opens the models to one execution. */
export function openModelCalls(room: ModelRoom): ModelCalls {
  const { budget, signal, timeMs } = room;
  const streams = openStreams(room);

  return {
    ...streams,
    async chat(params) {
      const { model: name, bytes, maxTokens, options } = readChat("llm.chat", params);
      const { settings, loaded } = await room.model(name);
      const reservation = budget.reserve(name, bytes, maxTokens);
      const bounds = boundCall({ name, settings, signal, timeMs });
      const { content, finishReason, usage } = await bookCall(reservation, () =>
        callProvider(bounds, (abortSignal) =>
          loaded.chat.doGenerate({ ...options, maxOutputTokens: reservation.maxTokens, abortSignal }),
        ),
      );
      const text = content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("");
      const toolCalls = content.flatMap((part) => (part.type === "tool-call" ? [readToolCall(part)] : []));
      const used = reservation.settle(
        { input: usage.inputTokens.total, output: usage.outputTokens.total },
        Buffer.byteLength(JSON.stringify(content)),
      );
      return { text, toolCalls, finish: finishReason.unified, usage: { ...used }, tokensLeft: budget.left() };
    },
    async embed(params) {
      const { value, bytes } = readParams("llm.embed", EmbedSchema, params);
      const { model: name, texts } = value;
      const { settings, loaded } = await room.model(name);
      const { embedding } = loaded;
      if (!embedding) throw new GrantRefusal(`${name} does not embed`);
      const reservation = budget.reserve(name, bytes, 0);
      const bounds = boundCall({ name, settings, signal, timeMs });
      const { embeddings, usage } = await bookCall(reservation, () =>
        callProvider(bounds, (abortSignal) => embedding.doEmbed({ values: texts, abortSignal })),
      );
      const used = reservation.settle({ input: usage?.tokens, output: 0 });
      return { embeddings, usage: { ...used }, tokensLeft: budget.left() };
    },
  };
}
