import Type, { type Static } from "typebox";

/** `GET /health` and `GET /api/v1/health`: the process is up. */
export const HealthSchema = Type.Object(
  { status: Type.Literal("ok"), version: Type.String(), uptimeSeconds: Type.Number() },
  { title: "Health" },
);
export type Health = Static<typeof HealthSchema>;

/** `GET /ready`: what it needs is there. */
export const ReadySchema = Type.Object(
  { ready: Type.Boolean(), checks: Type.Record(Type.String(), Type.String({ description: "ok, or what is wrong" })) },
  { title: "Ready" },
);
export type Ready = Static<typeof ReadySchema>;
