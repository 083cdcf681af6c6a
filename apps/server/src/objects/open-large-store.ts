import { join } from "node:path";
import type { StorageConfig } from "../config.ts";
import { openFolderStore } from "./folder-store.ts";
import type { ObjectStore } from "./object-store.ts";
import { openS3Store } from "./s3-store.ts";

/**
 * Opens where large objects lie: the bucket that is configured, else a folder of the server's data.
 * @throws {StoaError} `invalid_configuration` when the bucket may not be used, `store_unavailable` when it is away
 */
export async function openLargeStore({ dataFolder, s3 }: StorageConfig): Promise<ObjectStore> {
  return s3 ? await openS3Store(s3) : openFolderStore(join(dataFolder, "objects"));
}
