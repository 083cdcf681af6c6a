import Type, { type Static } from "typebox";
import { AddressSchema, AmountSchema, HashSchema, TimeSchema } from "../schema-parts.ts";
import { NodeFaultSchema } from "../round-record.ts";
import { Nullable, pageOf, pageQuery } from "./page.ts";

/** `GET /nodes`. */
export const ListNodesQuerySchema = Type.Object(
  {
    provider: Type.Optional(AddressSchema),
    agent: Type.Optional(HashSchema),
    online: Type.Optional(Type.Boolean()),
    ...pageQuery,
  },
  { additionalProperties: false },
);
export type ListNodesQuery = Static<typeof ListNodesQuerySchema>;

/** `GET /nodes/:id`. */
export const NodeSchema = Type.Object(
  {
    id: AddressSchema,
    provider: AddressSchema,
    name: Type.String(),
    online: Type.Boolean(),
    suspendedFor: Nullable(Type.String({ description: "why those who run the market suspended it" })),
    slots: Type.Integer(),
    running: Type.Integer({ description: "awards it has not finished" }),
    agents: Type.Array(HashSchema, { description: "agent versions it hosts" }),
    stake: AmountSchema,
    bonded: AmountSchema,
    awards: Type.Object({
      delivered: Type.Integer(),
      failed: Type.Integer({ description: "the agent's own error" }),
      faulted: Type.Integer({ description: "the node's fault" }),
    }),
    faults: Type.Object(
      {
        refused: Type.Integer({ description: "awards it turned down" }),
        notStarted: Type.Integer({ description: "awards it did not start in time" }),
        notDelivered: Type.Integer({ description: "awards it did not deliver in time" }),
        damages: Type.Unsafe<string>({ ...AmountSchema, description: "what it paid for them out of its stake" }),
        last: Nullable(Type.Object({ at: TimeSchema, reason: NodeFaultSchema, taskId: HashSchema })),
      },
      { description: "its faults, from the awards it lost" },
    ),
    linkedAt: TimeSchema,
    seenAt: TimeSchema,
  },
  { title: "Node" },
);
export type Node = Static<typeof NodeSchema>;
export const NodePageSchema = pageOf(NodeSchema, "NodePage");
