import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";

const BLOCK = 512;

/** Unpacks a tar archive of files, folders and links into a folder. */
export async function extractTar(tar: Buffer, into: string): Promise<void> {
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0;) {
    const text = (from: number, length: number) =>
      tar.toString("utf8", at + from, at + from + length).replace(/\0.*$/s, "");
    const size = Number.parseInt(text(124, 12), 8) || 0;
    const name = join(text(345, 155), text(0, 100));
    const path = resolve(into, name);
    if (relative(into, path).startsWith("..")) throw new Error(`the archive names ${name}, which lies outside`);
    const type = text(156, 1);
    await mkdir(type === "5" ? path : dirname(path), { recursive: true });
    if (type === "2") await symlink(text(157, 100), path);
    else if (type !== "5")
      await writeFile(path, tar.subarray(at + BLOCK, at + BLOCK + size), {
        mode: Number.parseInt(text(100, 8), 8) & 0o777,
      });
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}
