/** Bounds on an image, so that a stranger's archive is read in bounded time, memory and disk. */
export const imageBounds = {
  /** The archive itself, when it is compressed as a whole, in bytes. */
  archiveBytes: 64 << 20,
  members: 1_000,
  layers: 64,
  /** All layers unpacked, in bytes of their tar form. */
  unpackedBytes: 256 << 20,
  /** Files, folders and links of all layers. */
  entries: 50_000,
  pathLength: 4_096,
  pathDepth: 64,
  /** JSON documents of the archive, in bytes. */
  jsonBytes: 256 << 10,
} as const;
