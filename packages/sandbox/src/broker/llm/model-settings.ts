/** Who serves a model: three by name, and any server that speaks OpenAI's protocol. */
export const modelProviders = ["openai", "anthropic", "groq", "openai-compatible"] as const;
export type ModelProvider = (typeof modelProviders)[number];

/** How a node reaches one model. It never leaves the node's own process. */
export interface ModelSettings {
  provider: ModelProvider;
  /** The provider's name for it. */
  model: string;
  baseUrl: string;
  /** Absent for servers that ask for none. */
  key: string | undefined;
  /** Per million tokens, in the token's smallest unit. */
  inputPrice: bigint;
  outputPrice: bigint;
}

/** A node's models by the name manifests ask for. */
export type Models = ReadonlyMap<string, ModelSettings>;

export const llmLimits = {
  /** Largest parameters of a call. */
  requestBytes: 256 << 10,
  /** Largest answer of a provider, with everything that belongs to its protocol. */
  responseBytes: 4 << 20,
  /** Longest a call or a stream may take, tries again included. */
  timeMs: 120_000,
  /** Tokens an answer may have when the agent names no number. */
  maxTokens: 4_096,
  /** Calls one execution may make, those included that a provider turns down. */
  calls: 1_000,
  /** Streams one execution may have open. */
  streams: 4,
  messages: 512,
  tools: 64,
  /** Texts one call may embed. */
  texts: 64,
} as const;
