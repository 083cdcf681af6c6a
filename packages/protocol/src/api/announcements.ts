import Type, { type Static } from "typebox";
import { severities, type Severity } from "../oversight.ts";
import { HashSchema, TimeSchema } from "../schema-parts.ts";
import { Nullable, pageOf, pageQuery } from "./page.ts";

const strict = { additionalProperties: false } as const;
const SeveritySchema = Type.Unsafe<Severity>(Type.String({ enum: [...severities] }));

/** `POST /admin/announcements`. */
export const AnnounceSchema = Type.Object(
  {
    severity: SeveritySchema,
    text: Type.String({ minLength: 1, maxLength: 2_000 }),
    endsAt: Type.Optional(TimeSchema),
  },
  { ...strict, title: "Announce" },
);
export type Announce = Static<typeof AnnounceSchema>;

/** `GET /announcements`: what is announced now, or ever was. */
export const ListAnnouncementsQuerySchema = Type.Object(
  { all: Type.Optional(Type.Boolean({ description: "those that have ended too" })), ...pageQuery },
  strict,
);
export const AnnouncementSchema = Type.Object(
  { id: HashSchema, at: TimeSchema, severity: SeveritySchema, text: Type.String(), endsAt: Nullable(TimeSchema) },
  { title: "Announcement" },
);
export type Announcement = Static<typeof AnnouncementSchema>;
export const AnnouncementPageSchema = pageOf(AnnouncementSchema, "AnnouncementPage");
