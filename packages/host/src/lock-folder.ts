import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StoaError } from "@stoa/protocol";

/** Longest path every system takes for a local socket. */
const MAX_SOCKET_PATH = 100;

export type FolderLock = AsyncDisposable;

/**
 * Takes a folder for this process alone. The lock is a listening local socket, so the system itself lets go of it
 * when the process dies, however it dies. On Linux and Windows its name goes with it; elsewhere a dead process leaves
 * the name behind, and of two processes that find it at the same instant both could take it over.
 * @throws {StoaError} `data_locked` when another living process holds it
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = socketPath(realpathSync(folder));
  const server = (await listen(path)) ?? ((await answers(path)) ? undefined : await takeOver(path));
  if (!server) {
    throw new StoaError("data_locked", `another process has ${folder} open: stop it, or choose another folder`);
  }
  server.unref();
  return { [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())) };
}

function socketPath(folder: string): string {
  const digest = createHash("sha256").update(folder).digest("hex").slice(0, 16);
  if (process.platform === "win32") return `\\\\.\\pipe\\stoa-${digest}`;
  // A name without a file: the kernel's own, gone with its last holder.
  if (process.platform === "linux") return `\0stoa-${digest}`;
  const inside = join(folder, "lock.sock");
  return inside.length <= MAX_SOCKET_PATH ? inside : join(tmpdir(), `stoa-${digest}.sock`);
}

/** Undefined when the path is taken, by a living process or by a dead one's leftover. */
function listen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.end());
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(undefined) : reject(error),
    );
    server.listen(path, () => resolve(server));
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => resolve((socket.destroy(), true)));
    socket.once("error", () => resolve(false));
  });
}

async function takeOver(path: string): Promise<Server | undefined> {
  await rm(path, { force: true });
  return listen(path);
}
