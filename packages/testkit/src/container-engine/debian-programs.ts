import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { join } from "node:path";

const FOLDERS = [
  ...(process.env["PATH"] ?? "").split(":"),
  "/usr/local/sbin",
  "/usr/sbin",
  "/sbin",
  "/usr/bin",
  "/bin",
];

export function findProgram(name: string): string | undefined {
  return FOLDERS.map((folder) => join(folder, name)).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * Sees to it that programs are there, by Debian's packages when they are not.
 * @param programs each by the package it comes in
 * @returns why they are not there, or undefined
 */
export function installPrograms(programs: Record<string, string>): string | undefined {
  const missing = () => Object.entries(programs).filter(([name]) => findProgram(name) === undefined);
  if (missing().length === 0) return undefined;
  const names = missing()
    .map(([name]) => name)
    .join(", ");
  const aptGet = findProgram("apt-get");
  if (process.getuid?.() !== 0 || aptGet === undefined)
    return `${names} missing, and only root on a Debian system can install them`;
  const apt = (...args: string[]) =>
    spawnSync(aptGet, ["-q", "-o", "DPkg::Lock::Timeout=120", ...args], {
      encoding: "utf8",
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
  apt("update");
  const result = apt("install", "-y", "--no-install-recommends", ...new Set(missing().map(([, name]) => name)));
  return missing().length === 0
    ? undefined
    : `${names} missing, and apt-get could not install them: ${result.stderr.trim().split("\n").at(-1) ?? ""}`;
}
