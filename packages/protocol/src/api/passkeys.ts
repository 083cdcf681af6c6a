import Type, { type Static } from "typebox";
import { TimeSchema } from "../schema-parts.ts";
import { Nullable } from "./page.ts";

const strict = { additionalProperties: false } as const;
const Base64urlSchema = Type.String({ pattern: "^[A-Za-z0-9_-]+$", maxLength: 100_000 });
const CredentialIdSchema = Type.String({ pattern: "^[A-Za-z0-9_-]+$", maxLength: 1_400 });

/** A device's key that signs in to an account. */
export const PasskeySchema = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    createdAt: TimeSchema,
    lastUsedAt: Nullable(TimeSchema),
  },
  { title: "Passkey" },
);
export type Passkey = Static<typeof PasskeySchema>;

/** `POST /auth/passkeys/options` and `/auth/passkeys/sign-in/options`: what WebAuthn is called with. */
export const PasskeyOptionsSchema = Type.Object(
  {
    options: Type.Record(Type.String(), Type.Unknown(), {
      description: "for PublicKeyCredential.parseCreationOptionsFromJSON, or parseRequestOptionsFromJSON",
    }),
  },
  { title: "PasskeyOptions" },
);
export type PasskeyOptions = Static<typeof PasskeyOptionsSchema>;

const credentialFields = { id: CredentialIdSchema, rawId: CredentialIdSchema, type: Type.Literal("public-key") };

/** `POST /auth/passkeys`: what the device made, as `PublicKeyCredential.toJSON()` gives it. */
export const PasskeyMadeSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 64, description: "what its owner calls the device" }),
    credential: Type.Object({
      ...credentialFields,
      response: Type.Object({
        clientDataJSON: Base64urlSchema,
        attestationObject: Base64urlSchema,
        transports: Type.Optional(Type.Array(Type.String({ maxLength: 32 }), { maxItems: 8 })),
      }),
    }),
  },
  { ...strict, title: "PasskeyMade" },
);
export type PasskeyMade = Static<typeof PasskeyMadeSchema>;

/** `POST /auth/passkeys/sign-in`: what the device signed, as `PublicKeyCredential.toJSON()` gives it. */
export const PasskeySignedSchema = Type.Object(
  {
    credential: Type.Object({
      ...credentialFields,
      response: Type.Object({
        clientDataJSON: Base64urlSchema,
        authenticatorData: Base64urlSchema,
        signature: Base64urlSchema,
        userHandle: Type.Optional(Nullable(Type.String({ maxLength: 200 }))),
      }),
    }),
  },
  { ...strict, title: "PasskeySigned" },
);
export type PasskeySigned = Static<typeof PasskeySignedSchema>;
