import Type, { type Static } from "typebox";
import { HashSchema, TimeSchema } from "../schema-parts.ts";

/** Where rows that are no longer in the database are: docs/archive.md describes a manifest. */
export const ArchivedRangesSchema = Type.Array(
  Type.Object(
    {
      manifest: HashSchema,
      from: TimeSchema,
      to: Type.String({ format: "date-time", description: "the first instant after it" }),
      rows: Type.Optional(Type.Integer({ description: "how many of what is listed it has, where that is known" })),
    },
    { title: "ArchivedRange" },
  ),
  { description: "present when some of what is listed has moved to the archive; the newest first" },
);
export type ArchivedRanges = Static<typeof ArchivedRangesSchema>;
