import { randomBytes } from "node:crypto";
import type { LocalAccount } from "viem/accounts";
import type { SettlementEvidence } from "@stoa/chain";
import { buildSheet } from "@stoa/core";
import {
  type Address,
  type Award,
  type BidSheet,
  type Hash,
  hashTyped,
  IN_THE_CLEAR,
  type Order,
  type SessionKey,
  type SigningDomain,
  signTyped,
} from "@stoa/protocol";

export interface EvidenceTerms {
  domain: SigningDomain;
  operator: LocalAccount;
  requester: LocalAccount;
  node: LocalAccount;
  token: Address;
  feeBps: number;
  /** Before the fee. */
  price: bigint;
  royalty?: bigint;
  ask?: bigint;
  maxPrice?: bigint;
  bond?: bigint;
  /** Where the royalty goes. */
  creator?: Address;
  /** Signs the order and the acceptance in the requester's name. */
  session?: { key: LocalAccount; limits: SessionKey };
  order?: Partial<Order>;
  accepted?: boolean;
}

const randomHash = (): Hash => `0x${randomBytes(32).toString("hex")}`;
const ZERO_ADDRESS: Address = "0x0000000000000000000000000000000000000000";

/** Signs everything one task's settlement needs, as requester, node and operator would. */
export async function signEvidence(terms: EvidenceTerms): Promise<SettlementEvidence> {
  const { domain, operator, requester, node, price, royalty = 0n, session } = terms;
  const orderSigner = session?.key ?? requester;
  const order = orderOf(terms);
  const orderHash = hashTyped(domain, "Order", order);
  const bid = { agentVersion: randomHash(), ask: terms.ask ?? price - royalty, promisedSeconds: 60 };
  const answers = [
    {
      orderHash,
      agentVersion: bid.agentVersion,
      ask: String(bid.ask),
      promisedSeconds: bid.promisedSeconds,
      reason: 0,
    },
    { orderHash: randomHash(), agentVersion: randomHash(), ask: "0", promisedSeconds: 0, reason: 2 },
  ];
  const { root, proofs } = buildSheet(answers);
  const sheet: BidSheet = {
    roundId: randomHash(),
    node: node.address,
    slots: 2,
    bond: terms.bond ?? 1_000_000n,
    answersRoot: root,
    expiresAt: order.deliverBy,
  };
  const award: Award = {
    orderHash,
    roundHash: randomHash(),
    node: node.address,
    payout: node.address,
    creator: terms.creator ?? ZERO_ADDRESS,
    price,
    royalty,
  };
  const awardHash = hashTyped(domain, "Award", award);
  const resultHash = randomHash();
  const accepted = terms.accepted ?? true;
  return {
    order,
    orderSignature: await signTyped(orderSigner, domain, "Order", order),
    session: session
      ? { key: session.limits, signature: await signTyped(requester, domain, "SessionKey", session.limits) }
      : null,
    award,
    nodeSignature: await signTyped(node, domain, "Award", award),
    operatorSignature: await signTyped(operator, domain, "Award", award),
    sheet,
    sheetSignature: await signTyped(node, domain, "BidSheet", sheet),
    bid,
    proof: proofs[0] ?? [],
    resultHash,
    receiptSignature: await signTyped(node, domain, "Receipt", { awardHash, resultHash }),
    acceptanceSignature: accepted
      ? await signTyped(orderSigner, domain, "Acceptance", { orderHash, resultHash, price })
      : null,
    charge: price + (price * BigInt(terms.feeBps)) / 10_000n,
  };
}

function orderOf({ operator, requester, token, feeBps, price, royalty = 0n, maxPrice, order }: EvidenceTerms): Order {
  const now = BigInt(Math.floor(Date.now() / 1_000));
  return {
    requester: requester.address,
    operator: operator.address,
    token,
    taskHash: randomHash(),
    maxPrice: maxPrice ?? price * 2n,
    feeCapBps: feeBps,
    royaltyCap: royalty,
    deliverBy: now + 600n,
    settleBy: now + 1_800n,
    nonce: BigInt(randomHash()),
    resultKey: IN_THE_CLEAR,
    ...order,
  };
}
