export { freePort } from "./free-port.ts";
export { ensureKeyFile, readKeyFile } from "./key-file.ts";
export { lockFolder } from "./lock-folder.ts";
export type { FolderLock } from "./lock-folder.ts";
export { prepareNodeHome, readNodeLink } from "./node-home.ts";
export type { NodeHome, SignedLink } from "./node-home.ts";
export { writeWhole } from "./write-whole.ts";
