import Type, { type Static } from "typebox";
import { SecondFactorCodeSchema } from "./email-auth.ts";

const strict = { additionalProperties: false } as const;

const OwnPasswordSchema = Type.Optional(
  Type.String({ minLength: 1, maxLength: 256, description: "the account's, when it has one" }),
);

/** `POST /auth/second-factor`. */
export const BeginSecondFactorSchema = Type.Object(
  { password: OwnPasswordSchema },
  { ...strict, title: "BeginSecondFactor" },
);

/** One-time codes for when the app is lost. */
export const RecoveryCodesSchema = Type.Object(
  { recoveryCodes: Type.Array(Type.String(), { description: "shown once; each is good once" }) },
  { title: "RecoveryCodes" },
);
export type RecoveryCodes = Static<typeof RecoveryCodesSchema>;

/** What an authenticator app is given; it is asked for once a first code of it was confirmed. */
export const SecondFactorSetupSchema = Type.Object(
  {
    ...RecoveryCodesSchema.properties,
    uri: Type.String({ description: "otpauth address, to show as a QR code" }),
  },
  { title: "SecondFactorSetup" },
);
export type SecondFactorSetup = Static<typeof SecondFactorSetupSchema>;

/** `POST /auth/second-factor/confirm`. */
export const ConfirmSecondFactorSchema = Type.Object(
  { code: SecondFactorCodeSchema },
  { ...strict, title: "ConfirmSecondFactor" },
);

/** `POST /auth/second-factor/recovery-codes` and `/end`. */
export const SecondFactorRequestSchema = Type.Object(
  { code: SecondFactorCodeSchema, password: OwnPasswordSchema },
  { ...strict, title: "SecondFactorRequest" },
);
export type SecondFactorRequest = Static<typeof SecondFactorRequestSchema>;
