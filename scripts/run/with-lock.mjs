import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { SetupError } from "./setup-error.mjs";

const POLL_MS = 200;
const PATIENCE_MS = 15 * 60_000;
/** Taking over a dead owner's lock takes microseconds; a takeover this old died in the middle. */
const TAKEOVER_MS = 10_000;

/**
 * Does the work while holding a lock file, so that two runs in one folder install one after the other.
 * A lock whose owner is no longer alive is taken over.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 * @throws {SetupError} when a living owner keeps it for a quarter of an hour
 */
export async function withLock(file, work) {
  const giveUpAt = Date.now() + PATIENCE_MS;
  let told = false;
  while (!tryLock(file) && !takeOver(file)) {
    if (Date.now() > giveUpAt) {
      throw new SetupError(
        `${file} is still held by process ${ownerOf(file)}`,
        "If no install runs, delete that file.",
      );
    }
    if (!told) process.stderr.write(`setup: process ${ownerOf(file)} is installing here, waiting …\n`);
    told = true;
    await wait(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** @param {string} file */
function tryLock(file) {
  // A hard link appears at once with its content, so nobody ever reads a lock without an owner.
  const own = `${file}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/**
 * Only one process may replace a dead owner's lock: the second would delete the first one's new lock.
 * @param {string} file
 */
function takeOver(file) {
  if (isAlive(ownerOf(file))) return false;
  const guard = `${file}.takeover`;
  if (!tryLock(guard)) {
    const age = Date.now() - (statSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > TAKEOVER_MS) rmSync(guard, { force: true });
    return false;
  }
  try {
    if (isAlive(ownerOf(file))) return false;
    rmSync(file, { force: true });
    return tryLock(file);
  } finally {
    rmSync(guard, { force: true });
  }
}

/**
 * @param {string} file
 * @returns {number | undefined} undefined when the lock has just been released
 */
function ownerOf(file) {
  try {
    return Number(readFileSync(file, "utf8"));
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT") return undefined;
    throw error;
  }
}

/** @param {number | undefined} pid */
function isAlive(pid) {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}
