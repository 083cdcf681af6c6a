import { StoaError } from "@stoa/protocol";
import Type from "typebox";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { escapeHtml, mailPage } from "./mail-page.ts";

const ParamsSchema = Type.Object({ name: Type.String({ maxLength: 100 }) });
const LINK = /https?:\/\/[^\s<>"]+/g;

/** `GET /mailbox/:name`: one mail, with what it links to. */
export function showMail(app: App, { mailbox }: HttpContext): void {
  app.get("/mailbox/:name", { schema: { hide: true, params: ParamsSchema } }, async ({ params }, reply) => {
    const mail = await mailbox?.read(params.name);
    if (!mail) throw new StoaError("not_found", `there is no mail ${params.name}`);
    const text = escapeHtml(mail.text).replaceAll(LINK, (link) => `<a href="${link}">${link}</a>`);
    const body = `<p>To ${escapeHtml(mail.to)}, ${escapeHtml(mail.date)}</p>\n<pre>${text}</pre>\n<p><a href="/mailbox">All mails</a></p>`;
    return reply.type("text/html").header("cache-control", "no-store").send(mailPage(mail.subject, body));
  });
}
