import { join } from "node:path";
import type { ServerConfig } from "../config.ts";
import { folderMailer } from "./folder-mailer.ts";
import type { Mailer } from "./mailer.ts";
import { smtpMailer } from "./smtp-mailer.ts";

/** Where mails are kept on a machine without a mail server. */
export function mailFolder({ dataFolder }: Pick<ServerConfig, "dataFolder">): string {
  return join(dataFolder, "mails");
}

/** Where mails go as it is configured: to the mail server, or into a folder when there is none. */
export function openMailer(config: Pick<ServerConfig, "dataFolder" | "smtpUrl" | "mailFrom">): Mailer {
  const { smtpUrl: url, mailFrom: from } = config;
  return url === undefined ? folderMailer({ folder: mailFolder(config), from }) : smtpMailer({ url, from });
}
