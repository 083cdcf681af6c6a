import Type, { type Static } from "typebox";
import { limits } from "../limits.ts";
import { AmountSchema, CapabilitySchema, HashSchema, TimeSchema } from "../schema-parts.ts";
import { CostBandSchema, NodeCountSchema, UnservedSchema } from "../unserved.ts";
import { Nullable } from "./page.ts";

const strict = { additionalProperties: false } as const;

/** `POST /tasks/quote`: a task nobody has ordered yet. */
export const QuoteRequestSchema = Type.Object(
  {
    capability: CapabilitySchema,
    agentVersion: Type.Optional(HashSchema),
    inputBytes: Type.Integer({ minimum: 0, maximum: limits.inputBytes, description: "of the input as canonical JSON" }),
    maxPrice: Type.Optional(AmountSchema),
    deliverInSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 31_536_000 })),
  },
  { ...strict, title: "QuoteRequest" },
);
export type QuoteRequest = Static<typeof QuoteRequestSchema>;

/** What such a task would meet now: an estimate from live nodes and past awards that binds nobody. */
export const QuoteSchema = Type.Object(
  {
    capability: CapabilitySchema,
    agentVersion: Type.Optional(HashSchema),
    inputBytes: Type.Integer({
      description: "the size the nodes were asked about: the input's, rounded up to its class",
    }),
    askedAt: TimeSchema,
    summary: Type.String({ description: "all of it in a sentence or two" }),
    competitors: Type.Integer({ description: "nodes that would bid now" }),
    price: Type.Object({
      live: Nullable(CostBandSchema),
      bands: Type.Array(CostBandSchema, {
        description: "what it costs at the nodes that could do it, cheapest first; none of fewer than three providers",
      }),
      past: Nullable(
        Type.Object(
          { low: AmountSchema, median: AmountSchema, high: AmountSchema, awards: Type.Integer() },
          { description: "what recent tasks of the capability were charged: the middle half, fee included" },
        ),
      ),
    }),
    maximum: Type.Optional(
      Type.Object(
        {
          maxPrice: AmountSchema,
          covers: Nullable(NodeCountSchema),
          raiseTo: Type.Optional(AmountSchema),
        },
        { description: "how many nodes the given maximum price pays for, by the bands; null when there are none" },
      ),
    ),
    start: Nullable(
      Type.Object({
        inSeconds: Type.Integer({ description: "0 when a slot is free" }),
        deliveredInSeconds: Type.Integer({ description: "by what the nodes promise, at the median" }),
      }),
    ),
    reasons: Type.Array(UnservedSchema, { description: "why the other nodes would not, or not now" }),
  },
  { title: "Quote" },
);
export type Quote = Static<typeof QuoteSchema>;
