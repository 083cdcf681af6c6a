import { openProject } from "../project/open-project.ts";
import { type OpenAgentOptions, type OpenedAgent, startAgent } from "./start-agent.ts";

/**
 * Opens an agent for its author's own tests, without any server: builds its folder where needed and runs it as a node
 * does, limits and all.
 * @throws {StoaError} `build_failed`, `invalid_manifest`, `invalid_artifact`
 * @example
 * await using agent = await openAgent(join(import.meta.dirname, ".."));
 * assert.deepEqual(await agent.outputOf({ text: "one two" }), { words: 2 });
 */
export async function openAgent(folder: string, options: OpenAgentOptions = {}): Promise<OpenedAgent> {
  return startAgent(await openProject(folder), options);
}
