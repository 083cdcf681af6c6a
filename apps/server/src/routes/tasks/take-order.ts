import { canonicalJson, decodeTyped, hashBytes, type Json, limits, StoaError, type SubmitTask } from "@stoa/protocol";
import type { FastifyRequest } from "fastify";
import { requireOwner } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";

/** Opens a task for the caller's signed order. @throws {StoaError} for what is wrong with the order or its input */
export async function takeOrder(
  context: HttpContext,
  request: FastifyRequest,
  body: SubmitTask,
): ReturnType<HttpContext["market"]["submitTask"]> {
  const order = decodeTyped("Order", body.order);
  const session = body.session && {
    key: decodeTyped("SessionKey", body.session.key),
    signature: body.session.signature,
  };
  requireOwner(request, order.requester, "the order");
  const inputBytes = await keepInput(context, body);
  const startMs = Date.now();
  const submitted = await context.market.submitTask({
    order,
    signature: body.signature,
    session,
    spec: body.spec,
    input: body.input as Json,
    inputBytes,
  });
  if (submitted.created) {
    const { taskId } = submitted;
    context.traces.recordStep({ taskId, name: "lane", startMs, endMs: Date.now() });
    (request.openedTasks ??= []).push(taskId);
  }
  return submitted;
}

/** Stores the input under the hash the order was signed over, before anything depends on it. */
async function keepInput({ objects }: HttpContext, { input, spec }: SubmitTask): Promise<number> {
  const bytes = Buffer.from(canonicalJson(input));
  if (bytes.length > limits.inputBytes) {
    throw new StoaError("too_large", `the input has ${bytes.length} bytes, at most ${limits.inputBytes} are taken`);
  }
  const hash = hashBytes(bytes);
  if (hash !== spec.inputHash)
    throw new StoaError("wrong_hash", `the input hashes to ${hash}, the task's specification says ${spec.inputHash}`);
  await objects.put(bytes);
  return bytes.length;
}
