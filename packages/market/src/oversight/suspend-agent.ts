import { type AgentState, type AgentVersionId, StoaError } from "@stoa/protocol";
import { appendAudit } from "@stoa/store";
import type { MarketContext } from "../context.ts";
import type { Overseer } from "./overseer.ts";

interface Named {
  name: string;
  version: string;
  state: AgentState;
}

/**
 * Takes an agent version out of new rounds until it is restored; what it was awarded goes on.
 * @throws {StoaError} `not_found`, `wrong_state` when it is retired
 */
export function suspendAgent(
  context: MarketContext,
  { versionId, actor, reason }: Overseer & { versionId: AgentVersionId },
): Promise<void> {
  return change(context, versionId, (set, agent) => {
    if (agent.state === "suspended") return;
    if (agent.state === "retired") throw new StoaError("wrong_state", `the agent ${versionId} is retired`);
    set.defer(async (tx) => {
      await tx.query("update agents set state = 'suspended', suspended_for = $2 where version_id = $1", [
        versionId,
        reason,
      ]);
      await appendAudit(tx, { actor, action: "agent.suspend", subject: versionId, reason, at: set.now });
    });
    const { name, version } = agent;
    set.emit({ type: "agent.suspended", audience: null, data: { agentVersion: versionId, name, version, reason } });
  });
}

/** Lets a suspended agent version take part again. @throws {StoaError} `not_found`, `wrong_state` */
export function restoreAgent(
  context: MarketContext,
  { versionId, actor, reason }: Overseer & { versionId: AgentVersionId },
): Promise<void> {
  return change(context, versionId, (set, agent) => {
    if (agent.state !== "suspended") throw new StoaError("wrong_state", `the agent ${versionId} is ${agent.state}`);
    set.defer(async (tx) => {
      await tx.query("update agents set state = 'active', suspended_for = null where version_id = $1", [versionId]);
      await appendAudit(tx, { actor, action: "agent.restore", subject: versionId, reason, at: set.now });
    });
    const { name, version } = agent;
    set.emit({ type: "agent.restored", audience: null, data: { agentVersion: versionId, name, version } });
  });
}

type Operation = Parameters<MarketContext["lane"]["run"]>[0];

function change(
  { lane }: MarketContext,
  versionId: AgentVersionId,
  decide: (set: Parameters<Operation["decide"]>[0], agent: Named) => void,
): Promise<void> {
  let agent: Named | undefined;
  return lane.run({
    name: "oversee-agent",
    owns: [`version:${versionId}`],
    async load(tx) {
      [agent] = await tx.query<Named>("select name, version, state from agents where version_id = $1", [versionId]);
    },
    decide(set) {
      if (!agent) throw new StoaError("not_found", `there is no agent ${versionId}`);
      decide(set, agent);
    },
  });
}
