/** A granted call that is turned down: its message is for the agent, which may go on. */
export class GrantRefusal extends Error {
  /** What the node's operator should know, without anything the agent or a provider wrote. */
  readonly fault: string | undefined;

  constructor(message: string, fault?: string) {
    super(message);
    this.name = "GrantRefusal";
    this.fault = fault;
  }
}
