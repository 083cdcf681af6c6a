export { AgentIndex, MOST_NEAR } from "./agent-index.ts";
export type { AgentHit, AgentHits, AgentQuery, NearestAgent } from "./agent-index.ts";
export { reputationOf } from "./reputation-of.ts";
export type { AgentFilter, AgentRecord, SearchedAgent } from "./searched-agent.ts";
export type { AskedWord } from "./text/text-index.ts";
export { VectorIndex } from "./vectors/vector-index.ts";
export { wordsOf } from "./text/words-of.ts";
