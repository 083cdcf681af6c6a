import { type Address, type AgentState, type AgentVersionId, StoaError } from "@stoa/protocol";
import type { MarketContext } from "../context.ts";

interface Retiring {
  creator: Address;
  name: string;
  version: string;
  state: AgentState;
}

/**
 * Takes an agent version out of new rounds; what it was awarded goes on.
 * @throws {StoaError} `not_found`, `forbidden` for anyone but its creator
 */
export function retireAgent(
  context: MarketContext,
  request: { versionId: AgentVersionId; creator: Address },
): Promise<void> {
  const { versionId, creator } = request;
  let agent: Retiring | undefined;
  return context.lane.run({
    name: "retire-agent",
    owns: [`version:${versionId}`],
    async load(tx) {
      [agent] = await tx.query<Retiring>("select creator, name, version, state from agents where version_id = $1", [
        versionId,
      ]);
    },
    decide(set) {
      if (!agent) throw new StoaError("not_found", `there is no agent ${versionId}`);
      if (agent.creator !== creator) throw new StoaError("forbidden", `the agent ${versionId} is not ${creator}'s`);
      if (agent.state === "retired") return;
      set.defer((tx) =>
        tx.query("update agents set state = 'retired', suspended_for = null where version_id = $1", [versionId]),
      );
      set.emit({
        type: "agent.retired",
        audience: null,
        data: { agentVersion: versionId, name: agent.name, version: agent.version },
      });
    },
  });
}
