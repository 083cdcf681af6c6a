import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { createGzip } from "node:zlib";
import { StoaError } from "@stoa/protocol";

/** What the kit puts beside an author's sources, by language. */
const BINDINGS = { python: fileURLToPath(new URL("../../python/stoa.py", import.meta.url)) } as const;
const INSTALL = "Install Docker and start it, on Debian with `apt install docker.io`; DOCKER_HOST names another engine.";

export interface BuildImage {
  /** Puts the kit's binding for a language beside the sources. */
  language?: keyof typeof BINDINGS;
  /** The image to begin with, when the Dockerfile has `ARG BASE`; `BASE` in the environment when absent. */
  base?: string;
}

/**
 * Has Docker build an image, and gives it as a packed archive. `DOCKER` names another command than `docker`.
 * @param context folder of the Dockerfile and the sources
 * @throws {StoaError} `build_failed` with what Docker said, or what to install
 */
export async function buildImage(context: string, { language, base = process.env["BASE"] }: BuildImage = {}) {
  const folder = await mkdtemp(join(tmpdir(), "stoa-build-"));
  try {
    await cp(context, folder, { recursive: true });
    if (language) await cp(BINDINGS[language], join(folder, basename(BINDINGS[language])));
    const baseArguments = base === undefined ? [] : ["--build-arg", `BASE=${base}`];
    const image = (await docker(["build", "--quiet", ...baseArguments, folder])).toString().trim();
    return await docker(["save", image], true);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function docker(args: readonly string[], isPacked = false): Promise<Buffer> {
  const child = spawn(process.env["DOCKER"] ?? "docker", args, { stdio: ["ignore", "pipe", "pipe"] });
  const missing = once(child, "error").then(([error]) => {
    const cause = error as NodeJS.ErrnoException;
    if (cause.code !== "ENOENT") throw cause;
    throw new StoaError("build_failed", `docker is not installed. ${INSTALL}`, { cause });
  });
  const output = isPacked ? child.stdout.pipe(createGzip()) : child.stdout;
  const ended = Promise.all([buffer(output), text(child.stderr), once(child, "close")]);
  const [bytes, said, [code]] = await Promise.race([ended, missing]);
  if (code === 0) return bytes;
  const isAway = /cannot connect to the docker daemon/i.test(said);
  throw new StoaError("build_failed", `docker ${args[0]} ended with code ${code}:\n${said.trim()}${isAway ? `\n${INSTALL}` : ""}`);
}
