import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StoaError } from "@stoa/protocol";

export interface Compiler {
  /** As people call it. */
  name: string;
  program: string;
  /** Its arguments, given the file it is to write. */
  args: (target: string) => string[];
  /** What to install when the program is not there. */
  install: string;
  /** Where it runs; here when absent. */
  folder?: string;
}

/**
 * Runs a compiler of the host's and gives the file it wrote.
 * @throws {StoaError} `build_failed` with what the compiler said, or what to install
 */
export async function runCompiler({ name, program, args, install, folder: cwd }: Compiler): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "stoa-build-"));
  try {
    const target = join(folder, `${randomUUID()}.wasm`);
    const child = spawn(program, args(target), { ...(cwd && { cwd }), stdio: ["ignore", "pipe", "pipe"] });
    let told = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (told += text));
    const [code] = (await once(child, "close").catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== "ENOENT") throw cause;
      throw new StoaError("build_failed", `${name} is not installed. ${install}`, { cause });
    })) as [number | null];
    if (code !== 0) throw new StoaError("build_failed", `${name} ended with code ${code}:\n${told.trim()}`);
    return await readFile(target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
