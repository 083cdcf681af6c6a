import Type, { type Static } from "typebox";

/** RFC 9457 problem details, with Stoa's stable code and the remedy beside the standard members. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({ description: "link to the code's entry in docs/errors.md" }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String(),
    remedy: Type.String(),
    instance: Type.Optional(Type.String({ description: "the request's id" })),
    details: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  },
  { title: "Problem" },
);
export type Problem = Static<typeof ProblemSchema>;
