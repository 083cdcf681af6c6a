import Type, { type Static } from "typebox";
import { TimeSchema } from "../schema-parts.ts";
import { Nullable, pageOf, pageQuery } from "./page.ts";

const strict = { additionalProperties: false } as const;

/** Most reports an account may have that nobody has looked at. */
export const MAX_OPEN_REPORTS = 20;

export const reportKinds = ["account", "agent", "node"] as const;
export type ReportKind = (typeof reportKinds)[number];
const ReportKindSchema = Type.Unsafe<ReportKind>(Type.String({ enum: [...reportKinds] }));

/** `POST /reports`: says that somebody does wrong. */
export const ReportRequestSchema = Type.Object(
  {
    kind: ReportKindSchema,
    subject: Type.String({
      pattern: "^0x[0-9a-fA-F]{40}([0-9a-f]{24})?$",
      description: "an account's or node's address, or an agent's version id",
    }),
    text: Type.String({ minLength: 10, maxLength: 2_000, description: "what happened" }),
  },
  { ...strict, title: "ReportRequest" },
);
export type ReportRequest = Static<typeof ReportRequestSchema>;

export const resolutions = ["dismissed", "upheld"] as const;
export type Resolution = (typeof resolutions)[number];
const ResolutionSchema = Type.Unsafe<Resolution>(Type.String({ enum: [...resolutions] }));

export const ReportSchema = Type.Object(
  {
    id: Type.String(),
    at: TimeSchema,
    reporter: Type.String({ description: "the wallet of who reported it" }),
    kind: ReportKindSchema,
    subject: Type.String(),
    text: Type.String(),
    resolution: Nullable(ResolutionSchema),
    resolvedAt: Nullable(TimeSchema),
    answer: Nullable(Type.String()),
  },
  { title: "Report" },
);
export type Report = Static<typeof ReportSchema>;
export const ReportPageSchema = pageOf(ReportSchema, "ReportPage");

/** `GET /admin/reports`: the moderation queue, the oldest first, unless resolved ones are asked for. */
export const ListReportsQuerySchema = Type.Object({ resolved: Type.Optional(Type.Boolean()), ...pageQuery }, strict);

/** `POST /admin/reports/:id/resolve`. What is to follow, such as a suspension, is an act of its own. */
export const ResolveReportSchema = Type.Object(
  { resolution: ResolutionSchema, answer: Type.String({ minLength: 1, maxLength: 2_000 }) },
  { ...strict, title: "ResolveReport" },
);
