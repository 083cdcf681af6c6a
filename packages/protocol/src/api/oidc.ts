import Type, { type Static } from "typebox";
import { TimeSchema } from "../schema-parts.ts";
import { SecondFactorCodeSchema } from "./email-auth.ts";

const strict = { additionalProperties: false } as const;
const TicketSchema = Type.String({ minLength: 1, maxLength: 100 });

/** `GET /auth/oidc`: the sites that people may sign in by. */
export const OidcProvidersSchema = Type.Object(
  { items: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })) },
  { title: "OidcProviders" },
);
export type OidcProviders = Static<typeof OidcProvidersSchema>;

/** `POST /auth/oidc/:provider/start` and `/link`: where to send the person, and what to keep until they come back. */
export const OidcStartSchema = Type.Object(
  {
    url: Type.String({ description: "the site's own address to sign in at" }),
    ticket: Type.String({ description: "kept by who began it: without it, what the site sends back is worth nothing" }),
    expiresAt: TimeSchema,
  },
  { title: "OidcStart" },
);
export type OidcStart = Static<typeof OidcStartSchema>;

/** `POST /auth/oidc/:provider/sign-in` and `/links`: what came back from the site. */
export const OidcReturnSchema = Type.Object(
  {
    ticket: TicketSchema,
    query: Type.String({
      maxLength: 4_000,
      description: "the query of the address that the site sent the person to, from the question mark on",
    }),
  },
  { ...strict, title: "OidcReturn" },
);

/** `POST /auth/second-factor/sign-in`: ends a sign-in that a second factor was asked for. */
export const CodeSignInSchema = Type.Object(
  { ticket: TicketSchema, code: SecondFactorCodeSchema },
  { ...strict, title: "CodeSignIn" },
);

/** A site's person who signs in to an account. */
export const LinkedProviderSchema = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    issuer: Type.String(),
    subject: Type.String({ description: "the site's own name for the person" }),
    linkedAt: TimeSchema,
  },
  { title: "LinkedProvider" },
);
