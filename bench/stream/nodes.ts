// The nodes' side of the stream bench: connects some nodes, answers what the hub says, floods when told.
import { join } from "node:path";
import { connectMarket, type MarketLink } from "@stoa/network";
import { encodeTyped } from "@stoa/protocol";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";

const [count = "1", folder = "", ...addresses] = process.argv.slice(2);
const quiet = { debug: () => undefined, info: () => undefined, warn: console.warn, error: console.error };
const of = { taskId: `0x${"ab".repeat(32)}`, executionId: "00000000-aaaa" } as const;

async function connect(): Promise<MarketLink> {
  const privateKey = generatePrivateKey();
  const node = privateKeyToAccount(privateKey).address;
  const online = Promise.withResolvers<void>();
  const link: MarketLink = await connectMarket({
    privateKey,
    addresses: () => addresses,
    hello: () => ({
      link: encodeTyped("NodeLink", { node, provider: node, expiresAt: 4_000_000_000n }),
      linkSignature: `0x${"11".repeat(65)}`,
      name: "bench",
      slots: 1,
      agents: [],
    }),
    heartbeat: () => ({ freeSlots: 1, running: [] }),
    outboxFolder: join(folder, node),
    onMessage: async () => void (await link.send({ type: "progressed", ...of, fraction: 1, text: "" })),
    onState: (state) => state.status === "online" && online.resolve(),
    log: quiet,
  });
  await online.promise;
  return link;
}

const links = await Promise.all(Array.from({ length: Number(count) }, connect));
const [first] = links;

interface Flood {
  mode: "batched" | "single";
  count: number;
  text: string;
}

async function flood({ mode, count: messages, text }: Flood): Promise<void> {
  for (let index = 0; index < messages; index += 1) {
    void first?.send({ type: "logged", ...of, firstSeq: index, lines: [{ atMs: 1, text }] });
    if (mode === "single") await first?.drained(10_000);
    else if (index % 500 === 499) await new Promise((resolve) => setImmediate(resolve));
  }
}

process.on("message", (order: Flood) => void flood(order));
process.send?.("ready");
