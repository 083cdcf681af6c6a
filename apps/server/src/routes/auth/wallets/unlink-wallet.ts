import Type from "typebox";
import type { App } from "../../../http/app.ts";
import { callerOf } from "../../../http/authenticate.ts";
import type { HttpContext } from "../../../http/http-context.ts";

const ParamsSchema = Type.Object({ id: Type.String({ maxLength: 64 }) });

/** `DELETE /api/v1/auth/wallets/:id`: a wallet signs in to the account no more. */
export function unlinkWallet(app: App, { accounts }: HttpContext): void {
  app.delete(
    "/auth/wallets/:id",
    { schema: { summary: "Unlink a wallet", params: ParamsSchema } },
    async (request, reply) => {
      await accounts.unlinkWallet(callerOf(request), request.params.id);
      return reply.code(204).send();
    },
  );
}
