import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Bundler } from "@stoa/chain";
import { StoaError } from "@stoa/protocol";

interface RpcCall {
  id: number;
  method: string;
  params?: unknown;
}

/** Serves a bundler over HTTP, as any bundler does: JSON-RPC, with ERC-4337's code for what is refused. */
export async function serveBundler(bundler: Bundler): Promise<AsyncDisposable & { url: string }> {
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { id, method, params } = JSON.parse(Buffer.concat(chunks).toString()) as RpcCall;
      const answer = await bundler.request({ method, params }).then(
        (result) => ({ result }),
        (error: unknown) => {
          const isRefused = error instanceof StoaError && error.code === "chain_rejected";
          return { error: { code: isRefused ? -32_500 : -32_603, message: (error as Error).message } };
        },
      );
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ jsonrpc: "2.0", id, ...answer }));
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
