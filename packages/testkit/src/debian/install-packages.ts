import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { findProgram } from "./find-program.ts";

/** A package manager's lock is held by whoever installs something else meanwhile. */
const LOCK_SECONDS = 300;

/**
 * Sees to it that what a test needs of the system is there, by Debian's packages when it is not.
 * @param needs programs by name, or files by their whole path, each with the package it comes in
 * @returns why it is not there, or undefined
 * @example
 * const missing = installPackages({ clang: "clang", "/usr/lib/wasm32-wasi/libc.a": "wasi-libc" });
 */
export function installPackages(needs: Readonly<Record<string, string>>): string | undefined {
  const isThere = (need: string) => (need.startsWith("/") ? existsSync(need) : findProgram(need) !== undefined);
  const missing = () => Object.keys(needs).filter((need) => !isThere(need));
  const wanted = missing();
  if (wanted.length === 0) return undefined;
  const told = `${wanted.join(", ")} missing`;
  const aptGet = findProgram("apt-get");
  if (process.getuid?.() !== 0 || aptGet === undefined) return `${told}, and only root on Debian can install them`;
  const apt = (...args: string[]) =>
    spawnSync(aptGet, ["-q", "-o", `DPkg::Lock::Timeout=${LOCK_SECONDS}`, ...args], {
      encoding: "utf8",
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
  const install = () => apt("install", "-y", "--no-install-recommends", ...new Set(wanted.map((need) => needs[need]!)));
  let result = install();
  // Without lists, or with old ones, no package is found.
  if (missing().length > 0 && apt("update").status === 0) result = install();
  if (missing().length === 0) return undefined;
  return `${told}, and apt-get could not install them: ${result.stderr.trim().split("\n").at(-1) ?? ""}`;
}
