import { posix } from "node:path";
import { refuse } from "../wasm-reader.ts";
import { imageBounds } from "./image-bounds.ts";
import { readTar } from "./read-tar.ts";
import { isPacked, unpackStream } from "./unpack-stream.ts";

/** The members of an image's archive, by path. */
export interface ImageArchive {
  has(path: string): boolean;
  /** @throws {StoaError} `invalid_artifact` when there is no such file */
  file(path: string): Uint8Array;
}

function memberPath(name: string): string {
  const path = posix.normalize(name).replace(/\/$/, "");
  if (path.startsWith("/") || path === ".." || path.startsWith("../"))
    refuse(`the archive's member ${JSON.stringify(name)} lies outside of it`);
  return path;
}

/**
 * Reads the outer archive of an image into memory. Older engines write a layer they have already written as a
 * symbolic link to it, so links between members are followed, once.
 * @throws {StoaError} `invalid_artifact`
 */
export async function readArchive(bytes: Uint8Array): Promise<ImageArchive> {
  const files = new Map<string, Uint8Array>();
  const links = new Map<string, string>();
  const most = isPacked(bytes) ? imageBounds.archiveBytes : bytes.length;
  let unpacked = 0;
  let members = 0;
  const chunks = unpackStream(bytes, (chunk) => {
    unpacked += chunk.length;
    if (unpacked > most) refuse(`the archive unpacks to more than ${most} bytes`);
  });
  for await (const { header, body } of readTar(chunks, "the artifact")) {
    members += 1;
    if (members > imageBounds.members) refuse(`the archive has more than ${imageBounds.members} members`);
    const path = memberPath(header.name);
    if (files.has(path) || links.has(path)) refuse(`the archive has ${JSON.stringify(path)} twice`);
    if (header.type === "file") files.set(path, new Uint8Array(await new Response(body).arrayBuffer()));
    else {
      await body.cancel();
      if (header.type === "symlink")
        links.set(path, memberPath(posix.join(posix.dirname(path), header.linkname ?? "")));
      else if (header.type !== "directory")
        refuse(`the archive's member ${JSON.stringify(path)} is a ${header.type}, not a file`);
    }
  }
  return {
    has: (path) => files.has(path),
    file: (path) =>
      files.get(path) ?? files.get(links.get(path) ?? "") ?? refuse(`the archive lacks ${JSON.stringify(path)}`),
  };
}
