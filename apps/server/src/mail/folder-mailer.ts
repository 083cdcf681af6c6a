import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { writeWhole } from "@stoa/host";
import type { Mail } from "@stoa/store";
import { createTransport } from "nodemailer";
import type { Mailer } from "./mailer.ts";

/** Puts mails into a folder, a file each that any mail program opens; names sort by time. Only their owner may read them. */
export function folderMailer({ folder, from }: { folder: string; from: string }): Mailer {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: "unix" }, { from });
  return {
    async send({ recipient, subject, body }: Mail) {
      const { message } = await transport.sendMail({ to: { name: "", address: recipient }, subject, text: body });
      const name = `${new Date().toISOString().replaceAll(":", "-")}-${randomUUID().slice(0, 8)}.eml`;
      await writeWhole(join(folder, name), message as Buffer, 0o600);
    },
    [Symbol.dispose]: () => transport.close(),
  };
}
