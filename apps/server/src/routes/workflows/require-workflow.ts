import { type Hash, StoaError } from "@stoa/protocol";
import { type Database, findWorkflow, findWorkflowIds, type WorkflowRecord } from "@stoa/store";
import type { FastifyRequest } from "fastify";
import Type from "typebox";
import { requireOwner } from "../../http/authenticate.ts";

/** Fewest hex digits that may stand for a whole id. */
const MIN_PREFIX = 8;

/** The path of a route on one workflow. */
export const WorkflowParamsSchema = Type.Object({
  id: Type.String({
    description: `a workflow's id, or its first ${MIN_PREFIX} hex digits or more when no other workflow has them`,
  }),
});

/**
 * The workflow of a path, when it is the caller's.
 * @throws {StoaError} `malformed_id` when the text is no id, too short, or stands for several; `not_found`, `forbidden`
 */
export async function requireOwnWorkflow(
  database: Database,
  request: FastifyRequest,
  text: string,
): Promise<WorkflowRecord> {
  const id = await resolveWorkflowId(database, text);
  const workflow = await findWorkflow(database, id);
  if (!workflow) throw new StoaError("not_found", `there is no workflow ${id}`);
  requireOwner(request, workflow.requester, `the workflow ${workflow.id}`);
  return workflow;
}

async function resolveWorkflowId(database: Database, text: string): Promise<Hash> {
  const [, digits] = /^(?:0x)?([0-9a-f]{1,64})$/.exec(text.toLowerCase()) ?? [];
  if (digits === undefined || digits.length < MIN_PREFIX) {
    throw new StoaError(
      "malformed_id",
      `a workflow's id is 0x and 64 hex digits, of which ${MIN_PREFIX} are enough; got ${JSON.stringify(text)}`,
    );
  }
  if (digits.length === 64) return `0x${digits}`;
  const [id, other] = await findWorkflowIds(database, `0x${digits}`);
  if (!id) throw new StoaError("not_found", `no workflow's id starts with 0x${digits}`);
  if (other) throw new StoaError("malformed_id", `several workflows' ids start with 0x${digits}: give more digits`);
  return id;
}
