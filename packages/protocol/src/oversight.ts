import Type, { type Static, type TSchema } from "typebox";

export const severities = ["info", "warning", "critical"] as const;
export type Severity = (typeof severities)[number];

/** What can be set while a market runs, each with the form of its value. Null goes back to what the configuration says. */
export const settingSchemas = {
  /** While it is on, nothing new is taken: no order, no agent. What was taken goes on, and money can be withdrawn. */
  maintenance: Type.Object(
    { on: Type.Boolean(), message: Type.String({ minLength: 1, maxLength: 500 }) },
    { additionalProperties: false },
  ),
  requests_per_minute: Type.Integer({ minimum: 60, maximum: 10_000_000 }),
  sign_ins_per_minute: Type.Integer({ minimum: 5, maximum: 10_000_000 }),
} satisfies Record<string, TSchema>;

export type SettingName = keyof typeof settingSchemas;
export const settingNames = Object.keys(settingSchemas) as SettingName[];
/** What is set; what is absent is as the configuration says. */
export type Settings = { readonly [Name in SettingName]?: Static<(typeof settingSchemas)[Name]> };
