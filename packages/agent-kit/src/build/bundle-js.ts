import { StoaError } from "@stoa/protocol";
import { rolldown } from "rolldown";

/**
 * One ES module out of JavaScript or TypeScript sources and the packages they import; the same bytes for the same
 * sources.
 * @param entry the module that exports `run`
 * @throws {StoaError} `build_failed` naming what does not parse or resolve
 */
export async function bundleJs(entry: string): Promise<Uint8Array> {
  const bundle = await rolldown({ input: entry, platform: "neutral", treeshake: true, logLevel: "silent" });
  try {
    const { output } = await bundle.generate({ format: "esm", minify: false, comments: false });
    return Buffer.from(output[0].code);
  } catch (cause) {
    throw new StoaError("build_failed", (cause as Error).message, { cause });
  } finally {
    await bundle.close();
  }
}
