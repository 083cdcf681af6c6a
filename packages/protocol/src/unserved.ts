import Type, { type Static } from "typebox";
import { AmountSchema } from "./schema-parts.ts";

/** How many nodes there are of a kind, as exactly as the reader may know. */
export const NodeCountSchema = Type.Object({ atLeast: Type.Integer(), atMost: Type.Integer() }, { title: "NodeCount" });

/** Nodes of at least three providers that an order needs a maximum price above `above` and at most `upTo` for. */
export const CostBandSchema = Type.Object(
  { above: AmountSchema, upTo: AmountSchema, nodes: NodeCountSchema },
  {
    title: "CostBand",
    description: "what a task costs at some nodes, platform fee included, between two edges of a fixed grid",
  },
);
export type WireCostBand = Static<typeof CostBandSchema>;

/** Why a task found no taker: how many nodes gave one reason, without naming anyone. */
export interface UnservedCount {
  reason: string;
  nodes: number;
  /** Where more money would help: what the task costs at those nodes. */
  bands?: WireCostBand[];
}

/** A reason in words, and what would help. */
export const UnservedSchema = Type.Object(
  {
    reason: Type.String(),
    sentence: Type.String({ description: "what the reason means" }),
    remedy: Type.String({ description: "what would help" }),
    nodes: NodeCountSchema,
    bands: Type.Optional(Type.Array(CostBandSchema)),
  },
  { title: "UnservedReason" },
);
export type UnservedView = Static<typeof UnservedSchema>;
