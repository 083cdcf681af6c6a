import { stat } from "node:fs/promises";
import { buildProject } from "./build-project.ts";
import { type AgentFiles, readAgent } from "./read-agent.ts";

/** An agent's project, built. */
export interface OpenedProject extends AgentFiles {
  /** Null when a manifest was named instead of a folder. */
  folder: string | null;
  isBuiltNow: boolean;
}

/**
 * Builds an agent's folder where needed and reads what came of it. A path to a manifest is read as it is.
 * @throws {StoaError} `build_failed`, and what `readAgent` throws
 */
export async function openProject(path: string, artifactPath?: string): Promise<OpenedProject> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const isBuiltNow = isFolder && artifactPath === undefined && (await buildProject(path));
  return { ...(await readAgent(path, artifactPath)), folder: isFolder ? path : null, isBuiltNow };
}
