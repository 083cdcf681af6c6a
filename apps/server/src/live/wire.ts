/** How events are written for a client: a JSON list in a frame, or an event each as HTML's event streams have them. */
export type Format = "json" | "event-stream";

/** What carries events to one client. */
export interface Wire {
  readonly format: Format;
  readonly isOpen: boolean;
  /** What was written and not yet sent. */
  readonly bufferedBytes: number;
  send(text: string): void;
  /** Ends the connection of a client that does not keep up. */
  drop(): void;
}
