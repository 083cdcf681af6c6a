import Type, { type Static } from "typebox";
import { AuditEntrySchema } from "../audit-entry.ts";
import { settingNames, settingSchemas, type SettingName } from "../oversight.ts";
import { AddressSchema, AnyJsonSchema, HashSchema, TimeSchema } from "../schema-parts.ts";
import { RoleSchema, roles } from "./auth.ts";
import { ChainSyncSchema } from "./chain-sync.ts";
import { Nullable, pageOf, pageQuery } from "./page.ts";

const strict = { additionalProperties: false } as const;

/** Why something is done: whoever it concerns, and the audit log, are told. */
const ReasonTextSchema = Type.String({ minLength: 3, maxLength: 500 });
export const ReasonSchema = Type.Object({ reason: ReasonTextSchema }, { ...strict, title: "Reason" });

/** `GET /admin/audit`: the log of privileged acts, in its order. */
export const AuditQuerySchema = Type.Object(
  {
    after: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: "a position" })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
    subject: Type.Optional(Type.String({ maxLength: 100, description: "only what was done to this" })),
  },
  strict,
);
export const AuditLogSchema = Type.Object(
  { entries: Type.Array(AuditEntrySchema), next: Type.Integer({ description: "for after, to read on" }) },
  { title: "AuditLog" },
);
export type AuditLog = Static<typeof AuditLogSchema>;

/** `GET /admin/accounts`. */
export const ListAccountsQuerySchema = Type.Object(
  {
    address: Type.Optional(AddressSchema),
    role: Type.Optional(RoleSchema),
    suspended: Type.Optional(Type.Boolean()),
    ...pageQuery,
  },
  strict,
);
export type ListAccountsQuery = Static<typeof ListAccountsQuerySchema>;
export const OverseenAccountSchema = Type.Object(
  {
    id: Type.String(),
    address: Nullable(AddressSchema),
    roles: Type.Array(RoleSchema),
    suspendedFor: Nullable(Type.String()),
    createdAt: TimeSchema,
  },
  { title: "OverseenAccount" },
);
export type OverseenAccount = Static<typeof OverseenAccountSchema>;
export const OverseenAccountPageSchema = pageOf(OverseenAccountSchema, "OverseenAccountPage");

/** `PUT /admin/accounts/:id/roles`. */
export const SetRolesSchema = Type.Object(
  {
    roles: Type.Array(RoleSchema, { minItems: 1, maxItems: roles.length, uniqueItems: true }),
    reason: ReasonTextSchema,
  },
  { ...strict, title: "SetRoles" },
);

/** `GET /admin/settings`: what is set beside the configuration; its history is in the audit log. */
export const SettingsSchema = Type.Object(
  Object.fromEntries(settingNames.map((name) => [name, Nullable(settingSchemas[name])])),
  { title: "Settings" },
);
/** `PUT /admin/settings/:name`. */
export const ChangeSettingSchema = Type.Object(
  { value: AnyJsonSchema, reason: ReasonTextSchema },
  { ...strict, title: "ChangeSetting" },
);
export const SettingNameSchema = Type.Unsafe<SettingName>(Type.String({ enum: settingNames }));

/** `GET /admin/status`: how the market's machinery stands. */
export const SystemStatusSchema = Type.Object(
  {
    servers: Type.Array(Type.Object({ id: Type.String(), startedAt: TimeSchema, seenAt: TimeSchema })),
    events: Type.Object({ last: Type.Integer({ description: "the log's last seq" }) }),
    load: Type.Object({
      waitingTasks: Type.Integer(),
      busyExecutions: Type.Integer(),
      settlements: Type.Record(Type.String(), Type.Integer(), { description: "not confirmed, by state" }),
    }),
    chain: ChainSyncSchema,
    deadLetters: Type.Object({ tasks: Type.Integer(), settlements: Type.Integer(), damages: Type.Integer() }),
    suspended: Type.Object({ accounts: Type.Integer(), agents: Type.Integer(), nodes: Type.Integer() }),
    openReports: Type.Integer(),
  },
  { title: "SystemStatus" },
);
export type SystemStatus = Static<typeof SystemStatusSchema>;

export const deadLetterKinds = ["task", "settlement", "damages"] as const;
export type DeadLetterKind = (typeof deadLetterKinds)[number];
/** `GET /admin/dead-letters`: what gave up, the newest first. */
export const ListDeadLettersQuerySchema = Type.Object(
  {
    kind: Type.Optional(
      Type.Unsafe<DeadLetterKind>(Type.String({ enum: [...deadLetterKinds], description: "settlement when absent" })),
    ),
    ...pageQuery,
  },
  strict,
);
export const DeadLetterSchema = Type.Object(
  {
    kind: Type.Unsafe<DeadLetterKind>(Type.String({ enum: [...deadLetterKinds] })),
    taskId: HashSchema,
    at: TimeSchema,
    reason: Type.String(),
  },
  { title: "DeadLetter" },
);
export type DeadLetter = Static<typeof DeadLetterSchema>;
export const DeadLetterPageSchema = pageOf(DeadLetterSchema, "DeadLetterPage");
