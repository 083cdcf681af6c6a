import Type, { type Static } from "typebox";
import { AmountSchema, CapabilitySchema } from "../schema-parts.ts";
import { agentFields } from "./agents.ts";
import { Nullable, pageOf, pageQuery } from "./page.ts";

const strict = { additionalProperties: false } as const;

/** What agents run as. */
export const agentKinds = ["wasm", "wasi", "js", "container", "remote"] as const;
export type AgentKind = (typeof agentKinds)[number];
const AgentKindSchema = Type.Unsafe<AgentKind>(Type.String({ enum: [...agentKinds] }));

/** Longest text that is searched for. */
export const MAX_SEARCH_TEXT = 256;

/** `GET /agents/search`. */
export const SearchAgentsQuerySchema = Type.Object(
  {
    q: Type.String({
      minLength: 1,
      maxLength: MAX_SEARCH_TEXT,
      description: "what is looked for, in words; the first sixteen different ones count",
    }),
    capability: Type.Optional(CapabilitySchema),
    category: Type.Optional(
      Type.String({
        pattern: "^[a-z][a-z0-9]*$",
        maxLength: 62,
        description: "the first part of a capability's name: text of text.summarize",
      }),
    ),
    kind: Type.Optional(AgentKindSchema),
    maxPrice: Type.Optional(
      Type.Unsafe<string>({
        ...AmountSchema,
        description:
          "at most this, by the median of what its latest tasks were awarded at; by its royalty where it had none yet",
      }),
    ),
    maxDurationMs: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 2 ** 31 - 1,
        description: "at most this from start to delivery, by the median of its latest; it must have delivered before",
      }),
    ),
    minReputation: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: "at least this" })),
    ...pageQuery,
  },
  strict,
);
export type SearchAgentsQuery = Static<typeof SearchAgentsQuerySchema>;

/** Where a word stands in an agent. */
export const searchedFields = ["name", "capabilities", "description"] as const;
export type SearchedField = (typeof searchedFields)[number];
const FieldsSchema = Type.Array(Type.Unsafe<SearchedField>(Type.String({ enum: [...searchedFields] })));

/** Why an agent was found. */
const FoundBySchema = Type.Object(
  {
    text: Type.Array(Type.Object({ word: Type.String(), in: FieldsSchema }), {
      description: "words asked for that it has",
    }),
    spelling: Type.Array(Type.Object({ word: Type.String(), as: Type.String(), in: FieldsSchema }), {
      description: "words asked for that it has spelled otherwise, or in another form",
    }),
    meaning: Nullable(
      Type.Number({ description: "how near its description is in meaning: the cosine of the vectors' angle, up to 1" }),
    ),
  },
  { title: "FoundBy" },
);

/** What an agent's latest executions say of it. */
const AgentRecordSchema = Type.Object(
  {
    price: Nullable(Type.Unsafe<string>({ ...AmountSchema, description: "median of its latest awards" })),
    durationMs: Nullable(Type.Integer({ description: "median from start to delivery" })),
    reputation: Type.Number({
      minimum: 0,
      maximum: 1,
      description: "the share of executions it delivers, at least, by those seen so far; 0 before the first",
    }),
  },
  { title: "AgentRecord" },
);

/** An agent as it was found: its newest version. */
export const AgentMatchSchema = Type.Object(
  {
    ...agentFields,
    kind: AgentKindSchema,
    record: AgentRecordSchema,
    score: Type.Number({ minimum: 0, maximum: 1, description: "1 is first in every ranking; for this query alone" }),
    found: FoundBySchema,
  },
  { title: "AgentMatch" },
);
export type AgentMatch = Static<typeof AgentMatchSchema>;

export const meaningStates = ["used", "none", "away"] as const;
export type MeaningState = (typeof meaningStates)[number];

export const AgentMatchPageSchema = Type.Object(
  {
    ...pageOf(AgentMatchSchema, "AgentMatchPage").properties,
    meaning: Type.Unsafe<MeaningState>(
      Type.String({
        enum: [...meaningStates],
        description:
          "used: agents near in meaning are among the found; none: this market has no embedder; away: it did not answer, has not read the agents yet, or was asked too often, and the words alone were searched for",
      }),
    ),
  },
  { title: "AgentMatchPage" },
);
export type AgentMatchPage = Static<typeof AgentMatchPageSchema>;
