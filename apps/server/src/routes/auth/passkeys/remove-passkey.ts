import Type from "typebox";
import type { App } from "../../../http/app.ts";
import { callerOf } from "../../../http/authenticate.ts";
import type { HttpContext } from "../../../http/http-context.ts";

const ParamsSchema = Type.Object({ id: Type.String({ maxLength: 1_400 }) });

/** `DELETE /api/v1/auth/passkeys/:id`: the device's key signs in no more. */
export function removePasskey(app: App, { accounts }: HttpContext): void {
  app.delete(
    "/auth/passkeys/:id",
    { schema: { summary: "Remove a passkey", params: ParamsSchema } },
    async (request, reply) => {
      await accounts.removePasskey(callerOf(request), request.params.id);
      return reply.code(204).send();
    },
  );
}
