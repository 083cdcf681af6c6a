import {
  agentVersionId,
  type Address,
  type AuctionMode,
  BID_REASON,
  decodeTyped,
  type Hash,
  hashTyped,
  type OpeningTask,
  type RecordNode,
  requireSigner,
  type RoundBody,
  type SigningDomain,
  snapshotHash,
  taskHash,
} from "@stoa/protocol";
import type { PassLeaves } from "./answers-root.ts";
import { requireSheet } from "./require-sheet.ts";
import { RULE_VERSION } from "./round-market.ts";
import { disagree, requireDistinct, requireSame, requireSameAddress } from "./verification.ts";

/** The opening: signed by its operator, of a rule version this code knows, listing nothing twice. */
export async function checkOpening(body: RoundBody, roundId: Hash): Promise<string> {
  const { opening, openingSignature } = body;
  requireSame("the rule version", opening.ruleVersion, RULE_VERSION);
  await requireSigner(opening.domain, "Opening", { roundId }, openingSignature, opening.operator);
  requireDistinct(
    "task",
    opening.tasks.map(({ orderHash }) => orderHash),
  );
  requireDistinct(
    "node",
    opening.asked.map(({ node }) => node),
  );
  return `signed by ${opening.operator}`;
}

/** The snapshot: the one the opening names, with one entry per asked node. */
export function checkSnapshot({ opening, snapshot }: RoundBody): string {
  requireSame("the snapshot's hash", snapshotHash(snapshot), opening.snapshotHash);
  requireDistinct(
    "the snapshot's node",
    snapshot.nodes.map(({ node }) => node),
  );
  const known = new Set(snapshot.nodes.map(({ node }) => node.toLowerCase()));
  const missing = opening.asked.find(({ node }) => !known.has(node.toLowerCase()));
  if (missing) disagree(`the snapshot has no entry for node ${missing.node}`);
  requireSame("the number of nodes in the snapshot", snapshot.nodes.length, opening.asked.length);
  return `${snapshot.nodes.length} nodes`;
}

/** Who may have signed an order: its requester, or the session key its requester authorised for it. */
async function requireOrderSigner(domain: SigningDomain, task: OpeningTask, openedAt: number): Promise<void> {
  const order = decodeTyped("Order", task.order);
  if (!task.session) return requireSigner(domain, "Order", order, task.signature, order.requester);
  const key = decodeTyped("SessionKey", task.session.key);
  await requireSigner(domain, "SessionKey", key, task.session.signature, order.requester);
  requireSameAddress("the session key's wallet", key.wallet, order.requester);
  requireSameAddress("the session key's token", key.token, order.token);
  if (order.maxPrice > key.maxPerOrder)
    disagree(`the order's maximum is ${order.maxPrice}, the session key allows ${key.maxPerOrder}`);
  if (Number(key.expiresAt) * 1_000 <= openedAt) disagree(`the session key expired at ${key.expiresAt}`);
  await requireSigner(domain, "Order", order, task.signature, key.key);
}

/** What orders are checked by. */
interface OrdersOpening {
  opening: Pick<RoundBody["opening"], "tasks" | "domain" | "openedAt" | "segment" | "operator" | "feeBps">;
}

/** Every order: the hash it goes by, its signature, its specification, and that it fits this round and its kind. */
export async function checkOrders({ opening }: OrdersOpening, auction: AuctionMode = "sealed"): Promise<string> {
  for (const [index, task] of opening.tasks.entries()) {
    const what = `task ${index}`;
    const order = decodeTyped("Order", task.order);
    requireSame(`the order hash of ${what}`, hashTyped(opening.domain, "Order", order), task.orderHash);
    await requireOrderSigner(opening.domain, task, opening.openedAt);
    requireSame(`the task hash of ${what}`, taskHash(task.spec), order.taskHash);
    requireSame(`the capability of ${what}`, task.spec.capability, opening.segment);
    requireSame(`the auction that ${what} asks for`, task.spec.auction ?? "sealed", auction);
    requireSameAddress(`the operator of ${what}`, order.operator, opening.operator);
    requireSameAddress(`the token of ${what}`, order.token, opening.tasks[0]!.order.token);
    if (order.feeCapBps < opening.feeBps)
      disagree(`the fee cap of ${what} is ${order.feeCapBps}, the round's fee ${opening.feeBps}`);
    if (Number(order.deliverBy) * 1_000 <= opening.openedAt)
      disagree(`the deadline of ${what} was over when the round opened`);
  }
  return `${opening.tasks.length} orders`;
}

async function checkSheet(
  { opening }: RoundBody,
  roundId: Hash,
  node: Address,
  { sheet: given }: RecordNode,
  passes: PassLeaves,
): Promise<void> {
  if (!given) return;
  await requireSheet({ opening, roundId, node, passes }, given);
  const { answersRoot } = given.sheet;
  await requireSigner(opening.domain, "SheetReceipt", { roundId, node, answersRoot }, given.receipt, opening.operator);
}

/** Every asked node: its provider's link, and its sheet with one answer per task under the signed root. */
export async function checkNodes(body: RoundBody, roundId: Hash): Promise<string> {
  const { opening, nodes } = body;
  requireSame("the number of nodes", nodes.length, opening.asked.length);
  const passes: PassLeaves = new Map();
  for (const [index, { node, provider }] of opening.asked.entries()) {
    const entry = nodes[index]!;
    const link = decodeTyped("NodeLink", entry.link);
    requireSameAddress("the linked node", link.node, node);
    requireSameAddress(`the provider of ${node}`, link.provider, provider);
    if (Number(link.expiresAt) * 1_000 <= opening.openedAt)
      disagree(`the link of ${node} expired at ${link.expiresAt}`);
    await requireSigner(opening.domain, "NodeLink", link, entry.linkSignature, provider);
    await checkSheet(body, roundId, node, entry, passes);
  }
  return `${nodes.filter(({ sheet }) => sheet).length} of ${nodes.length} nodes answered`;
}

/** Every version bid with, and no other: its manifest by its hash, signed by its creator. */
export async function checkVersions({ opening, nodes, versions }: RoundBody): Promise<string> {
  const ids = versions.map(({ manifest }) => agentVersionId(manifest));
  requireDistinct("version", ids);
  const bids = nodes.flatMap(({ sheet }) => sheet?.answers.filter(({ reason }) => reason === BID_REASON) ?? []);
  const used = [...new Set(bids.map(({ agentVersion }) => agentVersion))].sort();
  requireSame("the list of versions", ids.join(), used.join());
  for (const [index, { creator, signature }] of versions.entries()) {
    await requireSigner(opening.domain, "Publication", { creator, versionId: ids[index]! }, signature, creator);
  }
  return `${versions.length} versions`;
}

/** The close: a round ends when every waited-for node has answered, or when its window is over. */
export function checkClose({ opening, snapshot, nodes, close }: RoundBody): string {
  if (close.at < opening.openedAt) disagree(`the round closed at ${close.at}, before it opened at ${opening.openedAt}`);
  if (close.reason === "window_elapsed") {
    const end = opening.openedAt + opening.windowMs;
    if (close.at < end) disagree(`the round closed at ${close.at}, its window ended at ${end}`);
    return "the window was over";
  }
  const waitedFor = new Map(snapshot.nodes.map((entry) => [entry.node.toLowerCase(), entry.waitedFor]));
  const silent = opening.asked.find(({ node }, index) => waitedFor.get(node.toLowerCase()) && !nodes[index]!.sheet);
  if (silent) disagree(`the round closed as all had answered, but ${silent.node} had not`);
  return "all nodes waited for had answered";
}
