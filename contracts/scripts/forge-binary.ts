import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const ARCHITECTURES: Partial<Record<NodeJS.Architecture, string>> = { x64: "amd64", arm64: "arm64" };

/**
 * The path of forge's own program, past its npm wrapper.
 * @throws {Error} on a platform it is not made for
 */
export function forgeBinary(): string {
  const target = `${process.platform}-${ARCHITECTURES[process.arch] ?? process.arch}`;
  const require = createRequire(import.meta.url);
  const wrapper = createRequire(require.resolve("@foundry-rs/forge/package.json"));
  const folder = dirname(wrapper.resolve(`@foundry-rs/forge-${target}/package.json`));
  return join(folder, "bin", process.platform === "win32" ? "forge.exe" : "forge");
}
