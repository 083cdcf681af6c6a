import Type, { type Static } from "typebox";
import { hashJson } from "./content-hash.ts";
import { type Hash, ZERO_HASH } from "./ids.ts";
import { ManifestSchema } from "./manifest.ts";
import { AddressSchema, AmountSchema, HashSchema, SignatureSchema } from "./schema-parts.ts";
import { SheetAnswerSchema } from "./wire/node-messages.ts";
import { RoundOpeningSchema } from "./wire/round-opening.ts";
import { BidSheetSchema, NodeLinkSchema } from "./wire-order.ts";

const strict = { additionalProperties: false } as const;
const EpochMs = Type.Integer({ minimum: 0, maximum: 2 ** 50, description: "epoch milliseconds" });
/** A sum of a round's weights, in units of 2⁻¹⁶ of the token's smallest unit. */
const ScaledSchema = Type.String({
  pattern: "^(0|[1-9][0-9]{0,39})$",
  description: "an integer of 2⁻¹⁶ of the token's smallest unit as text",
});

/**
 * What was known of the asked nodes and fixed before the round opened; its SHA-256 is the opening's `snapshotHash`.
 * Nodes and pairs are sorted by their ids.
 */
export const RoundSnapshotSchema = Type.Object(
  {
    nodes: Type.Array(
      Type.Object(
        {
          node: AddressSchema,
          penaltyBps: Type.Integer({
            minimum: 0,
            maximum: 10_000,
            description: "what reputation takes off a task's worth",
          }),
          waitedFor: Type.Boolean({
            description: "false for a node that was late too often: asked, but not waited for",
          }),
        },
        strict,
      ),
    ),
    sameOwner: Type.Array(Type.Object({ orderHash: HashSchema, node: AddressSchema }, strict), {
      description: "pairs whose requester and provider are one account under different wallets",
    }),
  },
  strict,
);

/** An agent version that was bid with: its manifest, which pins the royalty, and its creator's signature. */
export const RecordVersionSchema = Type.Object(
  { creator: AddressSchema, manifest: ManifestSchema, signature: SignatureSchema },
  strict,
);

/** A node's signed sheet with every answer under its root, and the operator's receipt for it. */
export const RecordSheetSchema = Type.Object(
  {
    sheet: BidSheetSchema,
    signature: SignatureSchema,
    answers: Type.Array(SheetAnswerSchema),
    receipt: SignatureSchema,
  },
  strict,
);

/** One asked node: its provider's link, and its sheet or null when it did not answer. */
export const RecordNodeSchema = Type.Object(
  { link: NodeLinkSchema, linkSignature: SignatureSchema, sheet: Type.Union([RecordSheetSchema, Type.Null()]) },
  strict,
);

export const RecordCloseSchema = Type.Object(
  { at: EpochMs, reason: Type.Union([Type.Literal("all_answered"), Type.Literal("window_elapsed")]) },
  strict,
);

/** What one task was given. `margin` and `share` are scaled, the rest is in the token's smallest unit. */
export const RecordAwardSchema = Type.Object(
  {
    orderHash: HashSchema,
    node: AddressSchema,
    agentVersion: HashSchema,
    ask: AmountSchema,
    royalty: AmountSchema,
    margin: ScaledSchema,
    share: ScaledSchema,
    price: AmountSchema,
    payment: AmountSchema,
    fee: AmountSchema,
    charge: AmountSchema,
  },
  strict,
);

export const RecordOutcomeSchema = Type.Object(
  {
    seed: HashSchema,
    total: ScaledSchema,
    awards: Type.Array(RecordAwardSchema),
    withoutNode: Type.Array(Type.Object({ node: AddressSchema, total: ScaledSchema }, strict)),
  },
  strict,
);

/** Everything a round was decided by and all it decided; `outcomeHash` covers every byte of it. */
export const RoundBodySchema = Type.Object(
  {
    opening: RoundOpeningSchema,
    openingSignature: SignatureSchema,
    snapshot: RoundSnapshotSchema,
    nodes: Type.Array(RecordNodeSchema, { description: "in the order of the opening's asked nodes" }),
    versions: Type.Array(RecordVersionSchema, { description: "every version bid with, sorted by id" }),
    close: RecordCloseSchema,
    outcome: RecordOutcomeSchema,
  },
  strict,
);

/** Proof that no allocation is worth more: duals by the opening's order of tasks and of nodes. Not unique, so hashed apart. */
export const CertificateSchema = Type.Object(
  { taskDuals: Type.Array(ScaledSchema), nodeDuals: Type.Array(ScaledSchema) },
  strict,
);

/** A round's public record: anyone can check it with `verifyRecord`. */
export const RoundRecordSchema = Type.Object(
  {
    roundId: HashSchema,
    outcomeHash: HashSchema,
    body: RoundBodySchema,
    certificateHash: HashSchema,
    certificate: CertificateSchema,
  },
  { ...strict, title: "RoundRecord" },
);

/** Why an award was lost: the node turned it down, did not start in time, or did not deliver in time. */
export const NodeFaultSchema = Type.Union([
  Type.Literal("refused"),
  Type.Literal("not_started"),
  Type.Literal("not_delivered"),
]);

/**
 * Proof of a re-award, the clearing of one task: the worth of its best bid and of the best without that node, and the
 * duals by which anyone sees in one pass that no candidate is worth more. The task's dual is what the second best is
 * worth, the winner's the rest, so they are unique and hashed with the supplement.
 */
export const ReawardCertificateSchema = Type.Object(
  {
    total: ScaledSchema,
    withoutWinner: ScaledSchema,
    taskDual: ScaledSchema,
    nodeDuals: Type.Array(ScaledSchema, { description: "in the order of the candidates" }),
  },
  strict,
);

/** A re-award, chained to its round: what happened when a winner failed. */
export const SupplementSchema = Type.Object(
  {
    roundId: HashSchema,
    previousHash: HashSchema,
    fault: Type.Object({ node: AddressSchema, orderHash: HashSchema, reason: NodeFaultSchema, at: EpochMs }, strict),
    forfeited: RecordAwardSchema,
    candidates: Type.Array(AddressSchema, {
      description: "nodes with an unexpired bid, a free slot and no failure on this task",
    }),
    award: Type.Union([RecordAwardSchema, Type.Null()]),
    /** Absent from re-awards made before there was one: those are checked by clearing again. */
    certificate: Type.Optional(ReawardCertificateSchema),
    damages: Type.Object({ owed: AmountSchema, toRequester: AmountSchema, toFaultPool: AmountSchema }, strict),
  },
  { ...strict, title: "Supplement" },
);

export type RoundSnapshot = Static<typeof RoundSnapshotSchema>;
export type RecordVersion = Static<typeof RecordVersionSchema>;
export type RecordSheet = Static<typeof RecordSheetSchema>;
export type RecordNode = Static<typeof RecordNodeSchema>;
export type RecordClose = Static<typeof RecordCloseSchema>;
export type RecordAward = Static<typeof RecordAwardSchema>;
export type RecordOutcome = Static<typeof RecordOutcomeSchema>;
export type RoundBody = Static<typeof RoundBodySchema>;
export type Certificate = Static<typeof CertificateSchema>;
export type RoundRecord = Static<typeof RoundRecordSchema>;
export type NodeFault = Static<typeof NodeFaultSchema>;
export type ReawardCertificate = Static<typeof ReawardCertificateSchema>;
export type Supplement = Static<typeof SupplementSchema>;

/** The `previousHash` of a segment's first round. */
export const FIRST_PREVIOUS_HASH = ZERO_HASH;

/** The snapshot as it is hashed and published: nodes and pairs sorted by their ids. */
export function sortSnapshot({ nodes, sameOwner }: RoundSnapshot): RoundSnapshot {
  const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return {
    nodes: nodes.toSorted((a, b) => byText(a.node.toLowerCase(), b.node.toLowerCase())),
    sameOwner: sameOwner.toSorted(
      (a, b) => byText(a.orderHash, b.orderHash) || byText(a.node.toLowerCase(), b.node.toLowerCase()),
    ),
  };
}

/** The opening's `snapshotHash`. */
export function snapshotHash(snapshot: RoundSnapshot): Hash {
  return hashJson(sortSnapshot(snapshot));
}

/** A supplement's content address: the `roundHash` of the award it makes, and the next supplement's `previousHash`. */
export function supplementHash(supplement: Supplement): Hash {
  return hashJson(supplement);
}
