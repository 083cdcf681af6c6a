export { startMailServer } from "./start-mail-server.ts";
export type { MailServer, MailServerOptions } from "./start-mail-server.ts";
