/** What the index knows of an agent: of the version that stands for its name. */
export interface SearchedAgent {
  /** Unique: an agent put under a name takes the place of the one before. */
  name: string;
  versionId: string;
  description: string;
  capabilities: readonly string[];
  /** Of its artifact: wasm, js, container … */
  kind: string;
  /** What its creator asks for an execution, in the token's smallest unit. */
  royalty: bigint;
}

/** What an agent's executions say of it. */
export interface AgentRecord {
  /** Median of what its latest tasks were awarded at; null before the first. */
  price: bigint | null;
  /** Median from start to delivery; null before the first. */
  durationMs: number | null;
  /** From 0 to 1. */
  reputation: number;
}

export const noRecord: AgentRecord = { price: null, durationMs: null, reputation: 0 };

/** What an agent must be to be found; absent: anything. */
export interface AgentFilter {
  capability?: string | undefined;
  /** The first part of a capability's name. */
  category?: string | undefined;
  kind?: string | undefined;
  /** Of an agent without a price, its royalty is taken. */
  maxPrice?: bigint | undefined;
  /** Agents that never delivered are too slow for any. */
  maxDurationMs?: number | undefined;
  minReputation?: number | undefined;
}

/** Whether an agent passes a filter. */
export function passes(
  agent: Pick<SearchedAgent, "capabilities" | "kind" | "royalty">,
  { price, durationMs, reputation }: AgentRecord,
  filter: AgentFilter,
): boolean {
  const { capability, category, kind, maxPrice, maxDurationMs, minReputation } = filter;
  return (
    (capability === undefined || agent.capabilities.includes(capability)) &&
    (category === undefined || agent.capabilities.some((name) => categoryOf(name) === category)) &&
    (kind === undefined || agent.kind === kind) &&
    (maxPrice === undefined || (price ?? agent.royalty) <= maxPrice) &&
    (maxDurationMs === undefined || (durationMs !== null && durationMs <= maxDurationMs)) &&
    (minReputation === undefined || reputation >= minReputation)
  );
}

/**
 * The category of a capability: the first part of its name.
 * @example
 * categoryOf("text.summarize") // "text"
 */
export function categoryOf(capability: string): string {
  return capability.slice(0, capability.indexOf("."));
}
