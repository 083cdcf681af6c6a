import type { TarHeader } from "modern-tar";
import { refuse } from "../wasm-reader.ts";
import { imageBounds } from "./image-bounds.ts";

interface Node {
  kind: "file" | "directory" | "symlink" | "hidden";
  layer: number;
  children: Map<string, Node>;
}

const WHITEOUT = ".wh.";
const OPAQUE = ".wh..wh..opq";
/** Permissions without set-uid and set-gid; nothing in a container could use them. */
const MODE_BITS = 0o1777;
const MAX_ID = 65_535;
/** 2100-01-01, in milliseconds. */
const LAST_TIME = 4_102_444_800_000;

/** Follows what an image's layers make of the file system, and lets through what stays inside of it. */
export interface ImageTree {
  /** Starts the next layer. */
  nextLayer(): void;
  /**
   * Judges an entry of the layer.
   * @returns the header to write in its place, without what is not needed; undefined for the root itself
   * @throws {StoaError} `invalid_artifact`
   */
  admit(header: TarHeader): TarHeader | undefined;
}

const quote = (path: string) => JSON.stringify(path.length > 200 ? `${path.slice(0, 200)}…` : path);

function partsOf(path: string, what: string): string[] {
  if (path.length > imageBounds.pathLength) refuse(`${what} is over ${imageBounds.pathLength} characters long`);
  if (path.includes("\0")) refuse(`${what} ${quote(path)} has a NUL character`);
  if (path.startsWith("/")) refuse(`${what} ${quote(path)} is absolute`);
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) refuse(`${what} ${quote(path)} leads upwards`);
  if (parts.length > imageBounds.pathDepth) refuse(`${what} ${quote(path)} is nested too deep`);
  return parts;
}

/** An absolute target starts at the image's own root; neither kind may climb over it. */
function checkTarget(target: string, folder: readonly string[], path: string): void {
  if (target === "" || target.length > imageBounds.pathLength || target.includes("\0"))
    refuse(`the symbolic link ${quote(path)} has no fit target`);
  let depth = target.startsWith("/") ? 0 : folder.length;
  for (const part of target.split("/")) {
    if (part === "..") depth -= 1;
    else if (part !== "" && part !== ".") depth += 1;
    if (depth < 0) refuse(`the symbolic link ${quote(path)} leads out of the image, to ${quote(target)}`);
  }
}

/** Makes the tree of an image without layers. */
export function createImageTree(): ImageTree {
  const root: Node = { kind: "directory", layer: 0, children: new Map() };
  let layer = -1;
  let entries = 0;

  /** The folder an entry lies in: folders that no layer names are made, as engines do. */
  function folderOf(parts: readonly string[], path: string): Node {
    let node = root;
    for (const part of parts) {
      const next = node.children.get(part);
      if (next && next.kind !== "directory" && next.kind !== "hidden")
        refuse(`${quote(path)} lies under ${quote(part)}, which is a ${next.kind}`);
      if (next?.kind === "hidden" && next.layer === layer) refuse(`${quote(path)} lies under what its own layer hides`);
      const folder: Node = next?.kind === "directory" ? next : { kind: "directory", layer, children: new Map() };
      folder.layer = layer;
      node.children.set(part, folder);
      node = folder;
    }
    return node;
  }

  function hide(folder: Node, name: string, header: TarHeader): void {
    if (layer === 0) refuse(`${quote(header.name)} hides something in the lowest layer, under which there is nothing`);
    if (header.type !== "file" || header.size !== 0) refuse(`the whiteout ${quote(header.name)} is not an empty file`);
    if (name === OPAQUE) {
      for (const [child, node] of folder.children) if (node.layer < layer) folder.children.delete(child);
      return;
    }
    const hidden = name.slice(WHITEOUT.length);
    if (hidden === "" || hidden === "." || hidden === ".." || hidden.startsWith(WHITEOUT))
      refuse(`the whiteout ${quote(header.name)} hides nothing that can be named`);
    if (folder.children.get(hidden)?.layer === layer) refuse(`${quote(header.name)} hides what its own layer holds`);
    folder.children.set(hidden, { kind: "hidden", layer, children: new Map() });
  }

  /** A hard link joins two names of one layer: engines that unpack layers apart can do no other. */
  function checkHardLink(header: TarHeader): void {
    const target = header.linkname ?? "";
    let node: Node | undefined = root;
    for (const part of partsOf(target, "the hard link's target")) node = node?.children.get(part);
    if (node?.kind !== "file" || node.layer !== layer)
      refuse(`the hard link ${quote(header.name)} leads to ${quote(target)}, which is no file before it in its layer`);
  }

  function put(folder: Node, name: string, kind: Node["kind"], path: string): void {
    const before = folder.children.get(name);
    if (before?.layer === layer && (kind !== "directory" || before.kind !== "directory"))
      refuse(`the layer has ${quote(path)} twice`);
    const children = kind === "directory" && before?.kind === "directory" ? before.children : new Map<string, Node>();
    folder.children.set(name, { kind, layer, children });
  }

  function clean(header: TarHeader, parts: readonly string[]): TarHeader {
    const isOwn = (id: number) => Number.isInteger(id) && id >= 0 && id <= MAX_ID;
    const { uid = 0, gid = 0, mode = 0 } = header;
    if (!isOwn(uid) || !isOwn(gid)) refuse(`${quote(header.name)} belongs to user ${uid} and group ${gid}`);
    const time = header.mtime?.getTime() ?? 0;
    return {
      name: `${parts.join("/")}${header.type === "directory" ? "/" : ""}`,
      type: header.type ?? "file",
      size: header.type === "file" ? header.size : 0,
      mode: mode & MODE_BITS,
      uid,
      gid,
      mtime: new Date(time >= 0 && time <= LAST_TIME ? time : 0),
      ...(header.type === "symlink" ? { linkname: header.linkname ?? "" } : {}),
      ...(header.type === "link"
        ? { linkname: partsOf(header.linkname ?? "", "the hard link's target").join("/") }
        : {}),
    };
  }

  return {
    nextLayer() {
      layer += 1;
    },
    admit(header) {
      entries += 1;
      if (entries > imageBounds.entries) refuse(`the image has more than ${imageBounds.entries} files`);
      const { type = "file" } = header;
      if (type !== "file" && type !== "directory" && type !== "symlink" && type !== "link")
        refuse(`${quote(header.name)} is a ${type}, only files, folders and links are allowed`);
      const sparse = Object.keys(header.pax ?? {}).find((key) => key.startsWith("GNU.sparse"));
      if (sparse !== undefined) refuse(`${quote(header.name)} is a sparse file`);
      const parts = partsOf(header.name, "the path");
      const name = parts.at(-1);
      if (name === undefined) return type === "directory" ? undefined : refuse("the image's root is not a folder");
      const above = parts.slice(0, -1);
      const folder = folderOf(above, header.name);
      if (name.startsWith(WHITEOUT)) hide(folder, name, header);
      else {
        if (type === "symlink") checkTarget(header.linkname ?? "", above, header.name);
        if (type === "link") checkHardLink(header);
        put(folder, name, type === "link" ? "file" : type, header.name);
      }
      return clean(header, parts);
    },
  };
}
