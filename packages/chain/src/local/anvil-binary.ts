import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { StoaError } from "@stoa/protocol";

const ARCHITECTURES: Partial<Record<NodeJS.Architecture, string>> = { x64: "amd64", arm64: "arm64" };

/**
 * The path of anvil's own program. Its npm wrapper is passed by: it would stand between us and the process.
 * @throws {StoaError} `invalid_configuration` on a platform it is not made for
 */
export function anvilBinary(): string {
  const target = `${process.platform}-${ARCHITECTURES[process.arch] ?? process.arch}`;
  const require = createRequire(import.meta.url);
  try {
    const wrapper = createRequire(require.resolve("@foundry-rs/anvil/package.json"));
    const folder = dirname(wrapper.resolve(`@foundry-rs/anvil-${target}/package.json`));
    return join(folder, "bin", process.platform === "win32" ? "anvil.exe" : "anvil");
  } catch (cause) {
    throw new StoaError(
      "invalid_configuration",
      `there is no local chain for ${target}; configure another chain's RPC`,
      {
        cause,
      },
    );
  }
}
