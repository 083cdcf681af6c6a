/** A granted call that is turned down: its message is for the agent, which may go on. */
export class GrantRefusal extends Error {
  constructor(message: string) {
    super(message);
    this.name = "GrantRefusal";
  }
}
