import { createTransport } from "nodemailer";
import type { Mail } from "@stoa/store";
import { type Mailer, MailRefused } from "./mailer.ts";

/** A mail server that takes longer is taken to be away. */
const TIMEOUT_MS = 20_000;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * Sends by SMTP, over connections that are kept. To another machine it goes encrypted or not at all, unless the address
 * itself says `?requireTLS=false`.
 * @param url such as `smtps://user:password@mail.example.org` or `smtp://127.0.0.1:2525`
 */
export function smtpMailer({ url, from }: { url: string; from: string }): Mailer {
  const address = new URL(url);
  const isPlain = address.protocol === "smtp:" && !address.searchParams.has("requireTLS");
  if (isPlain && !LOOPBACK.test(address.hostname)) address.searchParams.set("requireTLS", "true");
  for (const name of ["connectionTimeout", "greetingTimeout", "socketTimeout"])
    if (!address.searchParams.has(name)) address.searchParams.set(name, String(TIMEOUT_MS));
  for (const name of ["pool", "disableFileAccess", "disableUrlAccess"]) address.searchParams.set(name, "true");
  const transport = createTransport(address.href, { from });
  return {
    async send({ recipient, subject, body }: Mail) {
      try {
        await transport.sendMail({ to: { name: "", address: recipient }, subject, text: body });
      } catch (error) {
        const { responseCode = 0, message } = error as { responseCode?: number; message: string };
        // What begins with 5 is final, but for the sign-in and the encryption, which an operator can mend.
        const isFinal = responseCode >= 500 && responseCode !== 530 && responseCode !== 535 && responseCode !== 538;
        throw isFinal ? new MailRefused(message, { cause: error }) : error;
      }
    },
    [Symbol.dispose]: () => transport.close(),
  };
}
