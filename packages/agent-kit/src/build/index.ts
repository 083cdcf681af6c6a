export { buildAgent } from "./build-agent.ts";
export { buildImage } from "./build-image.ts";
export { bundleJs } from "./bundle-js.ts";
export { compileAssemblyScript } from "./compile-assemblyscript.ts";
export { compileC } from "./compile-c.ts";
export { compileRust } from "./compile-rust.ts";
export { writeBuild } from "./write-build.ts";
export type { BuiltAgent } from "./write-build.ts";
