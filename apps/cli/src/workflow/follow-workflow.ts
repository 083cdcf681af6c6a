import { type Json, StoaError, type Workflow } from "@stoa/protocol";
import type { WorkflowUpdate } from "@stoa/sdk";
import type { Cli } from "../cli.ts";
import { exitCodes } from "../exit-code.ts";
import type { OpenedMarket } from "../profile/open-market.ts";
import { createNarration } from "../task/narration.ts";
import { tellEndOfWorkflow, tellWorkflow } from "./tell-workflow.ts";

const GIVE_UP_AFTER_MS = 60_000;

export interface FollowWorkflow {
  /** Check and accept results that the workflow leaves to its requester. */
  accept: boolean;
  /** Tell every update as a line of JSON instead of in words. */
  jsonLines?: boolean;
}

/**
 * Follows a workflow to its end, telling what happens, and decides the command's exit code: only a completed one is a
 * success.
 * @throws {StoaError} `server_unavailable` when the market stays away
 */
export async function followWorkflow(
  cli: Cli,
  market: OpenedMarket,
  id: string,
  { accept, jsonLines = false }: FollowWorkflow,
): Promise<void> {
  const { terminal, abort } = cli;
  const narration = cli.json ? null : createNarration(cli, market);
  const stepOf = new Map<string, string>();
  let workflow: Workflow | null = null;
  try {
    const watched = market.client.workflows.watch(id, { signal: abort.signal, giveUpAfterMs: GIVE_UP_AFTER_MS });
    for await (const update of watched) {
      if (jsonLines) terminal.printJsonLine(update);
      if (narration) await tellWorkflow(narration, stepOf, update);
      if (update.kind === "workflow") workflow = update.workflow;
      if (accept) for (const taskId of deliveredTasks(update)) await acceptResult(market, taskId);
    }
  } finally {
    terminal.end();
  }
  if (!workflow) throw new StoaError("server_unavailable", `nothing was heard of the workflow ${id}`);
  if (workflow.state !== "completed") cli.exitCode = exitCodes.failure;
  if (narration) tellEndOfWorkflow(narration, workflow);
  if (jsonLines) return;
  const output = workflow.state === "completed" ? await resultOf(market, workflow.id) : null;
  if (cli.json) return terminal.printJson({ workflow, output });
  if (output !== null) terminal.print(JSON.stringify(output, null, 2));
}

async function resultOf({ client }: OpenedMarket, id: string): Promise<Json> {
  return (await client.workflows.result(id)).output as Json;
}

function deliveredTasks(update: WorkflowUpdate): string[] {
  if (update.kind === "event") return update.event.type === "workflow.step_delivered" ? [update.event.data.taskId] : [];
  return update.workflow.steps.flatMap(({ state, tasks }) =>
    state === "delivered" ? tasks.slice(-1).map(({ taskId }) => taskId) : [],
  );
}

/** What is wrong with a result leaves it unaccepted; the market's runner may have accepted it meanwhile. */
async function acceptResult({ client, wallet }: OpenedMarket, taskId: string): Promise<void> {
  try {
    await client.tasks.acceptWhenGood(taskId, { signer: await wallet() });
  } catch (error) {
    if (!(error instanceof StoaError) || error.definition.kind !== "mistake") throw error;
  }
}
