import type { Principal } from "@stoa/accounts";
import {
  canonicalJson,
  decodeTyped,
  hashBytes,
  hashJson,
  type Json,
  limits,
  StoaError,
  type SubmitTask,
  SubmittedTaskSchema,
  SubmitTaskSchema,
} from "@stoa/protocol";
import { claimIdempotencyKey } from "@stoa/store";
import type { App } from "../../http/app.ts";
import { requireOwner } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";

/** An input at its limit may be written with white space and escapes. */
const BODY_BYTES = limits.inputBytes * 2 + (64 << 10);
const MAX_KEY_LENGTH = 255;

/** `POST /api/v1/tasks`: opens a task for a signed order; 200 when the same order had opened it before. */
export function submitTask(app: App, context: HttpContext): void {
  app.post(
    "/tasks",
    {
      bodyLimit: BODY_BYTES,
      schema: {
        summary: "Submit a task",
        body: SubmitTaskSchema,
        response: { 200: SubmittedTaskSchema, 201: SubmittedTaskSchema },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const order = decodeTyped("Order", body.order);
      const session = body.session && {
        key: decodeTyped("SessionKey", body.session.key),
        signature: body.session.signature,
      };
      const caller = requireOwner(request, order.requester, "the order");
      await claimKey(context, caller, request.headers["idempotency-key"], body);
      const inputBytes = await keepInput(context, body);
      const submitted = await context.market.submitTask({
        order,
        signature: body.signature,
        session,
        spec: body.spec,
        input: body.input as Json,
        inputBytes,
      });
      return reply.code(submitted.created ? 201 : 200).send(submitted);
    },
  );
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

/** An order opens one task by itself; the key says so for clients that send the same request again, and catches another one. */
async function claimKey(
  { database }: HttpContext,
  caller: Principal,
  key: string | string[] | undefined,
  body: SubmitTask,
): Promise<void> {
  if (key === undefined) return;
  if (typeof key !== "string" || key.length === 0 || key.length > MAX_KEY_LENGTH) {
    throw new StoaError("invalid_request", `the Idempotency-Key must be one text of 1 to ${MAX_KEY_LENGTH} characters`);
  }
  const requestHash = hashJson(body);
  const first = await claimIdempotencyKey(database, { accountId: caller.accountId, key, requestHash, now: Date.now() });
  if (first !== requestHash)
    throw new StoaError("idempotency_conflict", `the Idempotency-Key ${key} came with another request before`);
}
