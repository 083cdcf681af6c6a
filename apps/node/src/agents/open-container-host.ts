import { type Engine, engineReport, openEngine, sweepEngine } from "@stoa/sandbox";
import type { NodeId } from "@stoa/protocol";
import type { Logger } from "pino";

/** Where a node's agents that are containers run, and by what name it knows its own there. */
export interface ContainerHost {
  engine: Engine;
  nodeId: string;
}

/**
 * Opens the container engine a node is configured with, removes what the node left there when it was killed, and logs
 * what the engine does not contain; without an engine, that such agents are not hosted.
 * @throws {StoaError} `invalid_configuration` when no engine answers at the socket
 */
export async function openContainerHost(
  socket: string | null,
  node: NodeId,
  log: Logger,
): Promise<ContainerHost | undefined> {
  if (socket === null) {
    log.warn(
      { notHosted: "container" },
      "agents that are containers are not hosted: no container engine is configured",
    );
    return undefined;
  }
  const engine = await openEngine(socket);
  const nodeId = node.slice(2).toLowerCase();
  const swept = await sweepEngine(engine, nodeId);
  log.info({ engine: engine.version, runtime: engine.runtime ?? "default", swept }, "containers run on this engine");
  for (const line of engineReport(engine).notContained) {
    log.warn({ notContained: line }, "the container engine on this host does not contain");
  }
  return { engine, nodeId };
}
