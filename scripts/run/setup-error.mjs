/** A failure of the setup that its reader can mend: what happened, what to do, the code to exit with. */
export class SetupError extends Error {
  /**
   * @param {string} message
   * @param {string} remedy
   * @param {number} exitCode
   */
  constructor(message, remedy, exitCode = 1) {
    super(message);
    this.name = "SetupError";
    this.remedy = remedy;
    this.exitCode = exitCode;
  }
}
