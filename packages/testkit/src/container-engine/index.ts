export { busyboxImage } from "./busybox-image.ts";
export { importPythonBase } from "./import-python-base.ts";
export { startContainerEngine } from "./start-container-engine.ts";
export type { ContainerEngine } from "./start-container-engine.ts";
