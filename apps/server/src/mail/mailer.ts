import type { Mail } from "@stoa/store";

/** Where mails go: a server that speaks SMTP, or a folder of this machine. */
export interface Mailer extends Disposable {
  /**
   * Hands a mail over; when this resolves, it is somebody else's or on the disk.
   * @throws {MailRefused} when it can never be delivered; any other error when it may be later
   */
  send(mail: Mail): Promise<void>;
}

/** The mail's server will not take it, however often it is offered. */
export class MailRefused extends Error {
  override name = "MailRefused";
}
