import Type from "typebox";
import type { App } from "../../../http/app.ts";
import { callerOf } from "../../../http/authenticate.ts";
import type { HttpContext } from "../../../http/http-context.ts";

const ParamsSchema = Type.Object({ id: Type.String({ maxLength: 64 }) });

/** `PUT /api/v1/auth/wallets/:id/main`: the wallet whose money the account moves. */
export function chooseMainWallet(app: App, { accounts }: HttpContext): void {
  app.put(
    "/auth/wallets/:id/main",
    { schema: { summary: "Choose the main wallet", params: ParamsSchema } },
    async (request, reply) => {
      await accounts.chooseMainWallet(callerOf(request), request.params.id);
      return reply.code(204).send();
    },
  );
}
