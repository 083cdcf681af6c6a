import { parseHash, ReasonSchema } from "@stoa/protocol";
import Type from "typebox";
import type { App } from "../../http/app.ts";
import { actorOf } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";

const ParamsSchema = Type.Object({ id: Type.String({ description: "an announcement's id" }) });

/** `POST /api/v1/admin/announcements/:id/end`: ends it now; one that has ended is left alone. */
export function endAnnouncement(app: App, { market }: HttpContext): void {
  app.post(
    "/admin/announcements/:id/end",
    {
      schema: {
        summary: "End an announcement",
        params: ParamsSchema,
        body: ReasonSchema,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const id = parseHash(request.params.id, "an announcement's id");
      await market.endAnnouncement({ actor: actorOf(request), reason: request.body.reason, id });
      return reply.code(204).send(null);
    },
  );
}
