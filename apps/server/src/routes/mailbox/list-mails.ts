import { StoaError } from "@stoa/protocol";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import type { ShownMail } from "../../mail/mailbox.ts";
import { escapeHtml, mailPage } from "./mail-page.ts";

/** `GET /mailbox`: the mails that a market on one machine would have sent, for whoever sits at it. */
export function listMails(app: App, { mailbox }: HttpContext): void {
  app.get("/mailbox", { schema: { hide: true } }, async (_request, reply) => {
    if (!mailbox) throw new StoaError("not_found", "this market keeps no mailbox: it sends its mails, or is not local");
    const mails = await mailbox.list();
    const body = mails.length === 0 ? "<p>No mail yet.</p>" : `<ul>\n${mails.map(line).join("\n")}\n</ul>`;
    return reply.type("text/html").header("cache-control", "no-store").send(mailPage("Mailbox", body));
  });
}

function line({ name, to, subject, date }: ShownMail): string {
  const link = `<a href="/mailbox/${encodeURIComponent(name)}">${escapeHtml(subject)}</a>`;
  return `<li>${link} to ${escapeHtml(to)}, <time>${escapeHtml(date)}</time></li>`;
}
