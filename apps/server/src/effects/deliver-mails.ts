import { deleteMail, listDueMails, putOffMail, type WaitingMail } from "@stoa/store";
import { type Mailer, MailRefused } from "../mail/mailer.ts";
import type { EffectContext } from "./effect-context.ts";
import { repeat, type Repeated } from "./repeat.ts";

const EVERY_MS = 1_000;
const AT_ONCE = 20;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 600_000;

type MailContext = Pick<EffectContext, "database" | "log" | "signal"> & { mailer: Mailer };

/**
 * Sends what mails are due. One is forgotten once it is handed over; a process that dies in between hands it over again.
 * Neither recipient nor text is logged.
 */
export function deliverMails(context: MailContext): Repeated {
  const { database, signal } = context;
  return repeat({ name: "mails", everyMs: EVERY_MS, ...context }, async () => {
    for (;;) {
      const due = await listDueMails(database, { now: Date.now(), limit: AT_ONCE });
      await Promise.all(due.map((mail) => deliver(context, mail)));
      if (due.length < AT_ONCE || signal.aborted) return;
    }
  });
}

async function deliver({ database, mailer, log }: MailContext, mail: WaitingMail): Promise<void> {
  const { id, attempts, expiresAt } = mail;
  try {
    if (expiresAt > Date.now()) await mailer.send(mail);
    else log.warn({ mail: id, attempts }, "a mail could not be sent in time and is dropped");
  } catch (error) {
    const told = { ...reasonOf(error), mail: id, attempts };
    if (!(error instanceof MailRefused)) {
      log.warn(told, "a mail could not be sent and is tried again");
      return putOffMail(database, id, Date.now() + Math.min(FIRST_WAIT_MS * 2 ** attempts, LONGEST_WAIT_MS));
    }
    log.warn(told, "a mail was refused and is dropped");
  }
  await deleteMail(database, id);
}

/** Why a mail was not sent; a mail server's own words may hold its recipient. */
function reasonOf(error: unknown): { code: string | undefined; answer: number | undefined } {
  const cause = error instanceof MailRefused ? error.cause : error;
  const { code, responseCode } = cause as { code?: string; responseCode?: number };
  return { code, answer: responseCode };
}
