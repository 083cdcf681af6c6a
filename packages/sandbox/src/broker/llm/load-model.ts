import type { EmbeddingModelV4, LanguageModelV4 } from "@ai-sdk/provider";
import { boundedFetch } from "./bounded-fetch.ts";
import type { ModelSettings } from "./model-settings.ts";

export interface LoadedModel {
  chat: LanguageModelV4;
  /** Absent where the provider has none. */
  embedding: EmbeddingModelV4 | undefined;
}

/** Loads the code of a model's provider, which a node without models never does. */
export async function loadModel({ provider, model, baseUrl, key }: ModelSettings): Promise<LoadedModel> {
  // Everything is given, or the libraries would look for it in the node's environment.
  const given = { baseURL: baseUrl, apiKey: key ?? "", fetch: boundedFetch };
  switch (provider) {
    case "openai": {
      const { createOpenAI } = await import("@ai-sdk/openai");
      const openai = createOpenAI(given);
      return { chat: openai.chat(model), embedding: openai.embeddingModel(model) };
    }
    case "anthropic": {
      const { createAnthropic } = await import("@ai-sdk/anthropic");
      return { chat: createAnthropic(given)(model), embedding: undefined };
    }
    case "groq": {
      const { createGroq } = await import("@ai-sdk/groq");
      return { chat: createGroq(given)(model), embedding: undefined };
    }
    case "openai-compatible": {
      const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
      const { apiKey, ...rest } = given;
      const options = { ...rest, name: "compatible", includeUsage: true, ...(apiKey === "" ? {} : { apiKey }) };
      const compatible = createOpenAICompatible(options);
      return { chat: compatible.chatModel(model), embedding: compatible.embeddingModel(model) };
    }
  }
}
