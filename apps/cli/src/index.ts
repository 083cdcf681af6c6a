export { cliVariables } from "./config.ts";
export { exitCodeOf, exitCodes } from "./exit-code.ts";
export { createProgram } from "./program.ts";
export { runCli } from "./run-cli.ts";
