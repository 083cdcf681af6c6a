import type { Hash } from "@stoa/protocol";

/** Where archives are kept: bytes under their own SHA-256. The server's object store is one. */
export interface ArchiveObjects {
  /** On disk when this resolves; the same bytes twice are kept once. */
  put(bytes: Uint8Array): Promise<Hash>;
  /** @throws {StoaError} `not_found`; `internal` when what is stored no longer hashes to its name */
  get(hash: Hash): Promise<Uint8Array>;
}
