import { writeWhole } from "@stoa/host";
import type { EndpointStatus } from "./agents/endpoints.ts";

/** What `stoa node status` reads from a node's data folder. Instants are ISO text, amounts integers as text. */
export interface NodeStatus {
  pid: number;
  node: string;
  provider: string;
  name: string;
  server: string;
  connection: string;
  connectionDetail: string;
  draining: boolean;
  slots: number;
  running: { taskId: string; executionId: string; agent: string; startedAt: string }[];
  agents: string[];
  /** Where hosted agents work that are behind endpoints, and whether those answer. */
  endpoints: EndpointStatus[];
  /** Executions since the data folder was made. */
  delivered: number;
  failed: number;
  /** Payments of results the market accepted. */
  earned: string;
  updatedAt: string;
}

/** Rewrites the status file when told of a change, at most one write at a time and never behind the last change. */
export function createStatusFile(path: string, read: () => NodeStatus, onError: (error: unknown) => void) {
  let dirty = false;
  let writing: Promise<void> | null = null;

  async function write(): Promise<void> {
    while (dirty) {
      dirty = false;
      await writeWhole(path, `${JSON.stringify(read(), null, 2)}\n`).catch(onError);
    }
    writing = null;
  }

  return {
    changed(): void {
      dirty = true;
      writing ??= write();
    },
    async flushed(): Promise<void> {
      while (writing) await writing;
    },
  };
}
