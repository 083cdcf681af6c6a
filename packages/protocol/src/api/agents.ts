import Type, { type Static } from "typebox";
import { ManifestSchema } from "../manifest.ts";
import {
  AddressSchema,
  AmountSchema,
  CapabilitySchema,
  HashSchema,
  SignatureSchema,
  TimeSchema,
} from "../schema-parts.ts";
import { PublicationSchema } from "../wire-order.ts";
import { Nullable, pageOf, pageQuery } from "./page.ts";

const strict = { additionalProperties: false } as const;

export const agentStates = ["active", "retired", "suspended"] as const;
export type AgentState = (typeof agentStates)[number];
const AgentStateSchema = Type.Unsafe<AgentState>(Type.String({ enum: [...agentStates] }));

/** `POST /agents`: a manifest with its creator's signature. The artifact it names is uploaded first. */
export const PublishAgentSchema = Type.Object(
  {
    manifest: Type.Unknown({
      description: "a Manifest; a wrong one is answered with invalid_manifest and every problem found",
    }),
    publication: PublicationSchema,
    signature: SignatureSchema,
  },
  { ...strict, title: "PublishAgent" },
);
export const PublishedSchema = Type.Object({ versionId: HashSchema, created: Type.Boolean() }, { title: "Published" });
export type Published = Static<typeof PublishedSchema>;

/** `PUT /artifacts/:hash`. */
export const StoredArtifactSchema = Type.Object(
  { hash: HashSchema, bytes: Type.Integer() },
  { title: "StoredArtifact" },
);
export type StoredArtifact = Static<typeof StoredArtifactSchema>;

/** `GET /agents`. */
export const ListAgentsQuerySchema = Type.Object(
  {
    capability: Type.Optional(CapabilitySchema),
    name: Type.Optional(Type.String({ maxLength: 64 })),
    creator: Type.Optional(AddressSchema),
    state: Type.Optional(AgentStateSchema),
    ...pageQuery,
  },
  strict,
);
export type ListAgentsQuery = Static<typeof ListAgentsQuerySchema>;

export const agentFields = {
  versionId: HashSchema,
  name: Type.String(),
  version: Type.String(),
  description: Type.String(),
  capabilities: Type.Array(CapabilitySchema),
  creator: AddressSchema,
  royalty: AmountSchema,
  state: AgentStateSchema,
  suspendedFor: Nullable(Type.String({ description: "why those who run the market suspended it" })),
  publishedAt: TimeSchema,
  nodes: Type.Integer({ description: "nodes online that host it" }),
};

/** An agent version as lists show it. */
export const AgentSummarySchema = Type.Object(agentFields, { title: "AgentSummary" });
export type AgentSummary = Static<typeof AgentSummarySchema>;
export const AgentPageSchema = pageOf(AgentSummarySchema, "AgentPage");

/** `GET /agents/:versionId`: an agent version whole. */
export const AgentViewSchema = Type.Object(
  { ...agentFields, manifest: ManifestSchema, signature: SignatureSchema },
  { title: "Agent" },
);
export type Agent = Static<typeof AgentViewSchema>;
