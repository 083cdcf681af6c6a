import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { localAccount } from "@stoa/chain";
import { toHex } from "viem";

const SCRIPT = fileURLToPath(new URL("foreign-bundler.ts", import.meta.url));

/** Starts a bundler of others' making in a process of its own. */
export async function startForeignBundler(rpcUrl: string): Promise<AsyncDisposable & { url: string }> {
  const key = toHex(localAccount(8).getHdKey().privateKey!);
  const child = spawn(process.execPath, [SCRIPT, rpcUrl, key], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "close");
  const said = await Promise.race([once(child.stdout, "data"), ended.then(() => null)]);
  if (said === null) throw new Error("the bundler ended before it listened");
  return {
    url: `http://127.0.0.1:${String(said[0]).trim()}`,
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
    },
  };
}
