import { spawn } from "node:child_process";

const FORWARDED = /** @type {const} */ (["SIGINT", "SIGTERM"]);
const ORPHAN_POLL_MS = 500;

/**
 * Runs a program to its end and says how it ended. A signal that reaches only this process is passed on once;
 * Ctrl-C in a terminal reaches the whole process group by itself, and a second copy would look like impatience.
 * A terminated npm takes its shell with it but not us, so losing that parent counts as SIGTERM.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions} options
 * @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null, told: boolean }>} `told` when this process
 *   was told to stop meanwhile, whatever the program made of it
 */
export function runChild(command, args, options) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, options);
    /** @type {Set<NodeJS.Signals>} */
    const passedOn = new Set();
    let told = false;
    /** @param {NodeJS.Signals} signal */
    const passOn = (signal) => {
      told = true;
      if (passedOn.has(signal) || (signal === "SIGINT" && process.stdin.isTTY)) return;
      passedOn.add(signal);
      child.kill(signal);
    };
    for (const signal of FORWARDED) process.on(signal, passOn);
    const parent = process.ppid;
    const watch = setInterval(() => {
      if (process.env["npm_lifecycle_event"] !== undefined && process.ppid !== parent) passOn("SIGTERM");
    }, ORPHAN_POLL_MS);
    const release = () => {
      clearInterval(watch);
      for (const signal of FORWARDED) process.off(signal, passOn);
    };
    child.once("error", (error) => {
      release();
      fail(error);
    });
    child.once("close", (code, signal) => {
      release();
      done({ code, signal, told });
    });
  });
}
