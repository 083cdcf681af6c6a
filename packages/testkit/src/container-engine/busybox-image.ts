import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { packTar, type TarEntry } from "modern-tar";
import { findProgram, installPackages } from "../debian/index.ts";

const ARCHITECTURES: Partial<Record<NodeJS.Architecture, string>> = { x64: "amd64", arm64: "arm64" };
const TOOLS = ["awk", "cat", "head", "id", "ls", "nc", "sed", "sh", "sleep", "tr", "wc", "yes"];

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

async function pack(files: Record<string, Uint8Array | string>, links: Record<string, string> = {}) {
  const mtime = new Date(0);
  const entries: TarEntry[] = Object.entries(files).map(([name, content]) => {
    const body = Buffer.from(content);
    return { header: { name, size: body.length, mode: 0o755, mtime }, body };
  });
  for (const [name, linkname] of Object.entries(links))
    entries.push({ header: { name, size: 0, type: "symlink", linkname, mtime } });
  return await packTar(entries);
}

/**
 * Makes a docker-archive of an image with Debian's static busybox and a script it runs.
 * @returns the archive, or why there is none
 */
export async function busyboxImage(script: string, command = ["/bin/sh", "/agent.sh"]): Promise<Uint8Array> {
  const missing = installPackages({ busybox: "busybox-static" });
  if (missing !== undefined) throw new Error(missing);
  const busybox = await readFile(findProgram("busybox")!);
  const links = Object.fromEntries(TOOLS.map((tool) => [`bin/${tool}`, "busybox"]));
  const base = await pack({ "bin/busybox": busybox }, links);
  const layer = await pack({ "agent.sh": script });
  const config = Buffer.from(
    JSON.stringify({
      architecture: ARCHITECTURES[process.arch] ?? process.arch,
      os: "linux",
      config: { Cmd: command, Env: ["PATH=/bin", "GREETING=hello"], User: "root", WorkingDir: "/" },
      rootfs: { type: "layers", diff_ids: [base, layer].map((bytes) => `sha256:${sha256(bytes)}`) },
    }),
  );
  const manifest = [{ Config: "config.json", RepoTags: null, Layers: ["base.tar", "layer.tar"] }];
  return await pack({
    "config.json": config,
    "base.tar": base,
    "layer.tar": layer,
    "manifest.json": JSON.stringify(manifest),
  });
}
