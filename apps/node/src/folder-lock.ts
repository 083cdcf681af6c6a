import { mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { StoaError } from "@stoa/protocol";

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Holds a data folder for this process alone; a lock left by a process that is gone is taken over.
 * @throws {StoaError} `data_locked` when another live process holds it
 */
export async function lockFolder(folder: string): Promise<AsyncDisposable> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "lock");
  for (let left = 3; ; left -= 1) {
    try {
      const file = await open(path, "wx", 0o600);
      await file.writeFile(String(process.pid));
      await file.close();
      return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST" || left === 0) throw error;
      const holder = Number(await readFile(path, "utf8").catch(() => "0"));
      if (holder !== process.pid && isAlive(holder) && holder > 0) {
        throw new StoaError("data_locked", `${folder} is used by process ${holder}`);
      }
      await rm(path, { force: true });
    }
  }
}
