import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { StoaError } from "@stoa/protocol";

/** Where vectors come from. */
export interface EmbedderSettings {
  /** An OpenAI-compatible API, such as https://api.openai.com/v1. */
  url: string;
  model: string;
  apiKey: string | undefined;
}

/** Texts one request asks for. */
export const MOST_TEXTS = 64;
/** Longest vector that is kept. */
const MOST_DIMENSIONS = 4_096;

/** Makes vectors of texts. */
export interface Embedder {
  readonly model: string;
  /**
   * The vectors of at most {@link MOST_TEXTS} texts, in their order and all of one length.
   * @throws {StoaError} `embedder_unavailable` with what it answered
   */
  embed(texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]>;
}

/** Connects to an embedder; it is not asked anything yet. */
export function openEmbedder({ url, model, apiKey }: EmbedderSettings): Embedder {
  const provider = createOpenAICompatible({
    name: "embedder",
    baseURL: url,
    ...(apiKey === undefined ? {} : { apiKey }),
    // No redirect is followed, for the key would travel with it.
    fetch: (input, init) => fetch(input, { ...init, redirect: "error" }),
  });
  const embedding = provider.embeddingModel(model);
  let dimensions: number | undefined;

  function check(vector: readonly number[]): Float32Array {
    dimensions ??= vector.length;
    const isSound = vector.length === dimensions && vector.length > 0 && vector.length <= MOST_DIMENSIONS;
    if (isSound && vector.every(Number.isFinite) && vector.some((number) => number !== 0))
      return Float32Array.from(vector);
    throw unavailable(`${model} gave a vector of ${vector.length} numbers that cannot be compared with others`);
  }

  return {
    model,
    async embed(texts, signal) {
      let embeddings: readonly (readonly number[])[];
      try {
        ({ embeddings } = await embedding.doEmbed({ values: [...texts], abortSignal: signal }));
      } catch (cause) {
        throw unavailable(`${model}: ${(cause as Error).message}`, cause);
      }
      if (embeddings.length !== texts.length)
        throw unavailable(`${model} gave ${embeddings.length} vectors for ${texts.length} texts`);
      return embeddings.map(check);
    },
  };
}

function unavailable(message: string, cause?: unknown): StoaError {
  return new StoaError("embedder_unavailable", message, { cause });
}
