import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A TCP proxy before a hub whose line can be cut, or go silent with both ends still up. */
export async function startProxy(target: () => string) {
  const pairs = new Set<[Socket, Socket]>();
  let isSilent = false;
  const server = createServer((near) => {
    const port = Number(/\/tcp\/(\d+)/.exec(target())?.[1]);
    const far = connect(port, "127.0.0.1");
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    const forward = (from: Socket, to: Socket) => {
      from.on("data", (bytes) => void (isSilent || to.destroyed || to.write(bytes)));
      from.on("error", () => undefined);
      from.on("close", () => {
        pairs.delete(pair);
        to.destroy();
      });
    };
    forward(near, far);
    forward(far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    addresses: () => [target().replace(/\/tcp\/\d+/, `/tcp/${port}`)],
    cut: () => pairs.forEach(([near]) => near.destroy()),
    silence: (on: boolean) => void (isSilent = on),
    connections: () => pairs.size,
    async [Symbol.asyncDispose]() {
      pairs.forEach(([near]) => near.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
