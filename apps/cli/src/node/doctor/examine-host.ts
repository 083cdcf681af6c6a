import { mkdir, mkdtemp, rmdir, statfs } from "node:fs/promises";
import { availableParallelism, release, totalmem } from "node:os";
import { join } from "node:path";
import type { Finding } from "./finding.ts";

const GIB = 2 ** 30;
/** Artifacts, journals and receipts fit into far less; a full disk stops a node. */
const LEAST_FREE_BYTES = GIB;

/** Looks at the machine, and at the folder nodes keep their data in. */
export async function examineHost(folder: string): Promise<Finding[]> {
  const machine = `${process.platform} ${release()} on ${process.arch}, ${availableParallelism()} processors, ${gib(totalmem())} of memory`;
  return [
    { subject: "machine", state: "good", text: machine },
    { subject: "Node.js", state: "good", text: process.version },
    await examineFolder(folder),
  ];
}

async function examineFolder(folder: string): Promise<Finding> {
  const subject = "data folder";
  try {
    await mkdir(folder, { recursive: true });
    await rmdir(await mkdtemp(join(folder, ".doctor-")));
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const text = `${folder}, ${gib(free)} free`;
    if (free >= LEAST_FREE_BYTES) return { subject, state: "good", text };
    return { subject, state: "weak", text, remedy: "make room, or choose another folder with STOA_HOME or --data" };
  } catch (error) {
    const text = `${folder} cannot be written: ${(error as Error).message}`;
    return { subject, state: "bad", text, remedy: "choose another folder with STOA_HOME or --data" };
  }
}

function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}
