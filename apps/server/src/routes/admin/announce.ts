import { randomBytes } from "node:crypto";
import { AnnouncementSchema, AnnounceSchema, type Hash, StoaError } from "@stoa/protocol";
import type { App } from "../../http/app.ts";
import { actorOf } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { toIso, toIsoOrNull } from "../../http/pagination.ts";

/** `POST /api/v1/admin/announcements`: tells everybody something, live too. */
export function announce(app: App, { market }: HttpContext): void {
  app.post(
    "/admin/announcements",
    { schema: { summary: "Announce something", body: AnnounceSchema, response: { 201: AnnouncementSchema } } },
    async (request, reply) => {
      const { severity, text } = request.body;
      const endsAt = request.body.endsAt === undefined ? null : Date.parse(request.body.endsAt);
      if (endsAt !== null && !(endsAt > market.now()))
        throw new StoaError("invalid_request", `endsAt ${request.body.endsAt} is over`);
      const id: Hash = `0x${randomBytes(32).toString("hex")}`;
      await market.announce({ actor: actorOf(request), id, severity, text, endsAt });
      return reply.code(201).send({ id, at: toIso(market.now()), severity, text, endsAt: toIsoOrNull(endsAt) });
    },
  );
}
