import type { Hash, Json } from "@stoa/protocol";
import type { ObjectStore } from "../../objects/object-store.ts";

/** Reads a stored JSON value. */
export async function readJson(objects: ObjectStore, hash: Hash): Promise<Json> {
  return JSON.parse(new TextDecoder().decode(await objects.get(hash))) as Json;
}
