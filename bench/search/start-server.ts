import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { localAccount } from "@stoa/chain";
import type { MarketChain } from "@stoa/testkit";
import { toHex } from "viem";

const MAIN = join(import.meta.dirname, "../../apps/server/src/main.ts");

/** A market's server in a process of its own. */
export interface ServerProcess extends AsyncDisposable {
  url: string;
  pid: number;
  /** What it has in memory, in MiB. */
  memoryMb(): Promise<number>;
}

export interface ServerPlan {
  chain: MarketChain;
  databaseUrl: string;
  embedder?: { url: string; model: string; apiKey: string };
}

export async function startServerProcess({ chain, databaseUrl, embedder }: ServerPlan): Promise<ServerProcess> {
  const folder = await mkdtemp(join(tmpdir(), "stoa-bench-search-"));
  const keyFile = join(folder, "operator.key");
  const embedderKeyFile = join(folder, "embedder.key");
  const { privateKey } = localAccount(0).getHdKey();
  await writeFile(keyFile, toHex(privateKey ?? new Uint8Array()), { mode: 0o600 });
  await writeFile(embedderKeyFile, embedder?.apiKey ?? "", { mode: 0o600 });
  const child = fork(MAIN, {
    env: {
      ...process.env,
      STOA_DATA: join(folder, "data"),
      DATABASE_URL: databaseUrl,
      STOA_PORT: "0",
      STOA_RPC_URL: chain.anvil.rpcUrl,
      STOA_VAULT: chain.market.vault,
      STOA_TOKEN: chain.market.token,
      STOA_CHAIN_CONFIRMATIONS: "1",
      STOA_OPERATOR_KEY_FILE: keyFile,
      STOA_REQUESTS_PER_MINUTE: "1000000",
      // Every query comes from an address of its own, which is given vectors for its own.
      STOA_TRUST_PROXY: "127.0.0.1",
      STOA_LOG_LEVEL: "error",
      ...(embedder && {
        STOA_EMBEDDER_URL: embedder.url,
        STOA_EMBEDDER_MODEL: embedder.model,
        STOA_EMBEDDER_KEY_FILE: embedderKeyFile,
      }),
    },
  });
  const [{ url }] = (await once(child, "message")) as [{ url: string }];
  return {
    url,
    pid: child.pid!,
    async memoryMb() {
      const status = await readFile(`/proc/${child.pid}/status`, "utf8").catch(() => "");
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024;
    },
    async [Symbol.asyncDispose]() {
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
