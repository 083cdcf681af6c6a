import Type, { type Static } from "typebox";
import { limits } from "../limits.ts";
import { AddressSchema, CapabilitySchema, HashSchema, SignatureSchema } from "../schema-parts.ts";
import { TaskSpecSchema } from "../task-spec.ts";
import { OrderSchema, SessionKeySchema } from "../wire-order.ts";

const strict = { additionalProperties: false } as const;

/** A session key as a wallet authorised it: what lets a program's key sign an order. */
export const SessionGrantSchema = Type.Object({ key: SessionKeySchema, signature: SignatureSchema }, strict);

/** One task of a round, as every asked node sees it. */
export const OpeningTaskSchema = Type.Object(
  {
    orderHash: HashSchema,
    order: OrderSchema,
    signature: SignatureSchema,
    session: Type.Optional(SessionGrantSchema),
    spec: TaskSpecSchema,
    inputBytes: Type.Integer({ minimum: 0, maximum: limits.inputBytes }),
  },
  strict,
);

/** The message that opens a round; its SHA-256 is the round's id. */
export const RoundOpeningSchema = Type.Object(
  {
    segment: CapabilitySchema,
    ruleVersion: Type.Integer({ minimum: 1 }),
    feeBps: Type.Integer({ minimum: 0, maximum: limits.maxFeeBps }),
    domain: Type.Object({ chainId: Type.Integer({ minimum: 1 }), vault: AddressSchema }, strict),
    operator: AddressSchema,
    tasks: Type.Array(OpeningTaskSchema, { minItems: 1, maxItems: limits.tasksPerRound }),
    asked: Type.Array(Type.Object({ node: AddressSchema, provider: AddressSchema }, strict), { maxItems: 10_000 }),
    windowMs: Type.Integer({ minimum: 1, maximum: 3_600_000 }),
    openedAt: Type.Integer({ minimum: 0, maximum: 2 ** 50, description: "epoch milliseconds" }),
    snapshotHash: HashSchema,
    previousHash: HashSchema,
  },
  strict,
);

export type SessionGrant = Static<typeof SessionGrantSchema>;
export type OpeningTask = Static<typeof OpeningTaskSchema>;
export type RoundOpening = Static<typeof RoundOpeningSchema>;
