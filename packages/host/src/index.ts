export { ensureKeyFile, readKeyFile } from "./key-file.ts";
export { lockFolder } from "./lock-folder.ts";
export type { FolderLock } from "./lock-folder.ts";
export { writeWhole } from "./write-whole.ts";
