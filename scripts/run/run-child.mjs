import { spawn } from "node:child_process";

const FORWARDED = /** @type {const} */ (["SIGINT", "SIGTERM"]);

/**
 * Runs a program to its end and says how it ended. A signal that reaches only this process is passed on once;
 * Ctrl-C in a terminal reaches the whole process group by itself, and a second copy would look like impatience.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions} options
 * @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null }>}
 */
export function runChild(command, args, options) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, options);
    /** @type {Set<NodeJS.Signals>} */
    const passedOn = new Set();
    /** @param {NodeJS.Signals} signal */
    const passOn = (signal) => {
      if (passedOn.has(signal) || (signal === "SIGINT" && process.stdin.isTTY)) return;
      passedOn.add(signal);
      child.kill(signal);
    };
    for (const signal of FORWARDED) process.on(signal, passOn);
    const release = () => {
      for (const signal of FORWARDED) process.off(signal, passOn);
    };
    child.once("error", (error) => {
      release();
      fail(error);
    });
    child.once("close", (code, signal) => {
      release();
      done({ code, signal });
    });
  });
}
