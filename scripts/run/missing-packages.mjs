import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean, os?: string | string[],
 *   cpu?: string | string[], libc?: string | string[] }} LockedPackage
 */

/**
 * The packages that package-lock.json names for this platform and `node_modules` does not hold, by npm's own record
 * of what it installed there.
 * @param {string} root
 * @returns {string[]} the places, such as `node_modules/viem`
 */
export function missingPackages(root) {
  const locked = readPackages(join(root, "package-lock.json"));
  const installed = readPackages(join(root, "node_modules", ".package-lock.json"));
  return Object.entries(locked)
    .filter(([place, entry]) => place.includes("node_modules/") && isNeeded(entry))
    .filter(([place, entry]) => !existsSync(join(root, place)) || !isSame(entry, installed[place]))
    .map(([place]) => place);
}

/**
 * @param {string} file
 * @returns {Record<string, LockedPackage>}
 */
function readPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).packages : {};
}

/**
 * @param {LockedPackage} wanted
 * @param {LockedPackage | undefined} found
 */
function isSame(wanted, found) {
  return found !== undefined && found.version === wanted.version && found.integrity === wanted.integrity;
}

/**
 * An optional package without a platform of its own hangs below one for another platform, so only those made for
 * this platform are sure to be wanted.
 * @param {LockedPackage} entry
 */
function isNeeded(entry) {
  if (!entry.optional) return true;
  if (entry.os === undefined && entry.cpu === undefined) return false;
  return admits(entry.os, process.platform) && admits(entry.cpu, process.arch) && admits(entry.libc, libc());
}

/**
 * @param {string | string[] | undefined} list names, or names to leave out with a leading `!`
 * @param {string | undefined} name
 */
function admits(list, name) {
  if (list === undefined || name === undefined) return true;
  const names = [list].flat();
  if (names.includes(`!${name}`)) return false;
  return names.every((other) => other.startsWith("!")) || names.includes(name) || names.includes("any");
}

/** @type {string | undefined} */
let knownLibc;

function libc() {
  if (process.platform !== "linux") return undefined;
  knownLibc ??= /** @type {any} */ (process.report.getReport()).header.glibcVersionRuntime ? "glibc" : "musl";
  return knownLibc;
}
