/** The label that says whose a container is. */
export const NODE_LABEL = "stoa.node";

/** The name under which a node's images stand at an engine. */
export function imageRepository(nodeId: string): string {
  if (!/^[a-z0-9]{1,64}$/.test(nodeId)) throw new RangeError(`${JSON.stringify(nodeId)} cannot name a node's images`);
  return `stoa-agent-${nodeId}`;
}
