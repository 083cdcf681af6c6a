import {
  canonicalJson,
  decodeTyped,
  type Json,
  limits,
  StoaError,
  SubmittedWorkflowSchema,
  SubmitWorkflowSchema,
  workflowLimits,
} from "@stoa/protocol";
import type { App } from "../../http/app.ts";
import { requireOwner } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";

/** Specification and input at their limits may be written with white space and escapes. */
const BODY_BYTES = (limits.inputBytes + workflowLimits.specBytes) * 2 + (64 << 10);

/** `POST /api/v1/workflows`: takes a workflow and sets its budget aside; 200 when the same grant had opened it before. */
export function submitWorkflow(app: App, { objects, market }: HttpContext): void {
  app.post(
    "/workflows",
    {
      bodyLimit: BODY_BYTES,
      schema: {
        summary: "Submit a workflow",
        body: SubmitWorkflowSchema,
        response: { 200: SubmittedWorkflowSchema, 201: SubmittedWorkflowSchema },
      },
    },
    async (request, reply) => {
      const { spec, salt, ...body } = request.body;
      const input = body.input as Json;
      const session = { key: decodeTyped("SessionKey", body.session.key), signature: body.session.signature };
      requireOwner(request, session.key.wallet, "the workflow's grant");
      const bytes = Buffer.from(canonicalJson(input));
      if (bytes.length > limits.inputBytes) {
        throw new StoaError("too_large", `the input has ${bytes.length} bytes, at most ${limits.inputBytes} are taken`);
      }
      const inputHash = await objects.put(bytes);
      const submitted = await market.submitWorkflow({ spec, input, inputHash, salt, session });
      return reply.code(submitted.created ? 201 : 200).send(submitted);
    },
  );
}
