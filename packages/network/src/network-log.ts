/** What the network writes its log to; a pino logger fits. */
export interface NetworkLog {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}
