import { request } from "node:http";
import type { Duplex } from "node:stream";
import type { Engine } from "./open-engine.ts";

/**
 * Joins a container's standard streams before it is started. The engine turns the connection into a raw one: what is
 * written goes to standard input, what is read is both outputs in frames for `createStreamSplitter`.
 */
export function attach({ socketPath }: Engine, containerId: string): Promise<Duplex> {
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>();
  const path = `/containers/${encodeURIComponent(containerId)}/attach?stream=1&stdin=1&stdout=1&stderr=1`;
  const headers = { connection: "Upgrade", upgrade: "tcp", "content-length": "0" };
  request({ socketPath, path, method: "POST", headers })
    .once("upgrade", (_, socket, head) => {
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    })
    .once("response", (response) => {
      response.resume();
      reject(new Error(`the engine answered ${String(response.statusCode)} when a container was to be attached`));
    })
    .once("error", reject)
    .end();
  return promise;
}
