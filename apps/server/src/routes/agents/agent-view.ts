import type { Agent, AgentSummary } from "@stoa/protocol";
import type { AgentRow } from "@stoa/store";
import { toIso } from "../../http/pagination.ts";

/** An agent version as lists show it. */
export function agentSummary({
  versionId,
  creator,
  manifest,
  state,
  suspendedFor,
  publishedAt,
  nodes,
}: AgentRow): AgentSummary {
  const { name, version, description, capabilities, royalty } = manifest;
  return {
    versionId,
    name,
    version,
    description,
    capabilities,
    creator,
    royalty,
    state,
    suspendedFor,
    publishedAt: toIso(publishedAt),
    nodes,
  };
}

/** An agent version whole. */
export function agentView(row: AgentRow): Agent {
  return { ...agentSummary(row), manifest: row.manifest, signature: row.signature };
}
