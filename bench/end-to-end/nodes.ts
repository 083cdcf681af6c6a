// The nodes' side of the end-to-end bench: real links with durable outboxes, everything checked and signed as a node
// does it; in place of the sandbox stands an output that is ready.
import { join } from "node:path";
import { answersRoot } from "@stoa/core";
import { connectMarket, type MarketLink } from "@stoa/network";
import {
  BID_REASON,
  decodeTyped,
  encodeTyped,
  type Hash,
  hashJson,
  hashTyped,
  type Json,
  type MarketMessages,
  requireSigner,
  signingAccount,
  type Signature,
  type SigningDomain,
  signTyped,
  type WireTyped,
} from "@stoa/protocol";

/** What the bench tells this process on its command line. */
export interface NodesInit {
  addresses: string[];
  domain: SigningDomain;
  agentVersion: Hash;
  output: Json;
  folder: string;
  slots: number;
  /** Per slot, in the token's smallest unit. */
  bond: string;
  nodes: { key: Hash; link: WireTyped<"NodeLink">; linkSignature: Signature; ask: string }[];
}

const quiet = { debug: () => undefined, info: () => undefined, warn: console.warn, error: console.error };
const init = JSON.parse(process.argv[2] ?? "") as NodesInit;
const { domain, agentVersion, output, slots } = init;
const outputHash = hashJson(output);

async function connect({ key, link, linkSignature, ask }: NodesInit["nodes"][number]): Promise<MarketLink> {
  const account = signingAccount(key);
  const online = Promise.withResolvers<void>();
  let running = 0;

  async function bid({ opening, roundId, signature }: MarketMessages["round.opened"]): Promise<void> {
    await requireSigner(domain, "Opening", { roundId }, signature, opening.operator);
    if (hashJson(opening) !== roundId) throw new Error(`the opening of ${roundId} hashes to something else`);
    const answers = opening.tasks.map(({ orderHash }) => ({
      orderHash,
      agentVersion,
      ask,
      promisedSeconds: 5,
      reason: BID_REASON,
    }));
    const sheet = {
      roundId,
      node: account.address,
      slots: Math.max(0, Math.min(answers.length, slots - running)),
      bond: BigInt(init.bond),
      answersRoot: answersRoot(answers),
      expiresAt: BigInt(Math.ceil((opening.openedAt + opening.windowMs) / 1_000) + 300),
    };
    await market.send({
      type: "sheet",
      sheet: encodeTyped("BidSheet", sheet),
      signature: await signTyped(account, domain, "BidSheet", sheet),
      answers,
    });
  }

  async function work(assignment: MarketMessages["assignment"]): Promise<void> {
    const { taskId } = assignment;
    const executionId = taskId.slice(2, 18);
    const award = decodeTyped("Award", assignment.award);
    const order = decodeTyped("Order", assignment.order);
    const hold = decodeTyped("HoldReceipt", assignment.holdReceipt);
    await requireSigner(domain, "Award", award, assignment.operatorSignature, order.operator);
    await requireSigner(domain, "Order", order, assignment.orderSignature, order.requester);
    await requireSigner(domain, "HoldReceipt", hold, assignment.holdSignature, order.operator);
    if (hashJson(assignment.input) !== assignment.spec.inputHash) throw new Error(`the input of ${taskId} is another`);
    const awardHash = hashTyped(domain, "Award", award);
    const nodeSignature = await signTyped(account, domain, "Award", award);
    running += 1;
    const started = market.send({ type: "started", taskId, executionId, awardHash, nodeSignature });
    const receipt = { awardHash, resultHash: outputHash };
    const delivered = market.send({
      type: "delivered",
      taskId,
      executionId,
      output,
      receipt: encodeTyped("Receipt", receipt),
      signature: await signTyped(account, domain, "Receipt", receipt),
      stats: { wallMs: 1, logBytes: 0 },
    });
    await Promise.all([started, delivered]);
    running -= 1;
  }

  const market: MarketLink = await connectMarket({
    privateKey: key,
    addresses: () => init.addresses,
    hello: () => ({ link, linkSignature, name: "bench", slots, agents: [agentVersion] }),
    heartbeat: () => ({ freeSlots: Math.max(0, slots - running), running: [] }),
    outboxFolder: join(init.folder, account.address),
    async onMessage(message) {
      // A round is answered beside the work, as a node does.
      if (message.type === "round.opened") bid(message).catch(console.error);
      else if (message.type === "assignment") await work(message);
      else if (message.type.endsWith("rejected") || message.type === "assignment.withdrawn") console.error(message);
    },
    onState: (state) => state.status === "online" && online.resolve(),
    log: quiet,
  });
  await online.promise;
  return market;
}

const links = await Promise.all(init.nodes.map(connect));
process.on("disconnect", () => void Promise.all(links.map((link) => link[Symbol.asyncDispose]())));
process.send?.("ready");
