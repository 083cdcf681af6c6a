import Type, { type Static } from "typebox";
import { AddressSchema, TimeSchema } from "../schema-parts.ts";
import { Nullable } from "./page.ts";

const strict = { additionalProperties: false } as const;

/** What a key may be allowed to do; a wallet's own session may do all of it. */
export const scopes = ["tasks:read", "tasks:write", "agents:write", "account:read", "admin"] as const;
export type Scope = (typeof scopes)[number];
export const ScopeSchema = Type.Unsafe<Scope>(Type.String({ enum: [...scopes] }));

/** How much may be asked with a key: a tenth of what an address may, as much, or four times as much from several. */
export const rateTiers = ["low", "standard", "high"] as const;
export type RateTier = (typeof rateTiers)[number];
const RateTierSchema = Type.Unsafe<RateTier>(Type.String({ enum: [...rateTiers] }));

/** Longest life of an API key: a year. */
export const MAX_KEY_LIFE_SECONDS = 365 * 86_400;

/** What an account may do besides being one. */
export const roles = ["user", "creator", "provider", "arbitrator", "admin"] as const;
export type Role = (typeof roles)[number];
export const RoleSchema = Type.Unsafe<Role>(Type.String({ enum: [...roles] }));

/** Who is signed in. */
export const SignedInSchema = Type.Object(
  {
    id: Type.String(),
    address: Nullable({
      ...AddressSchema,
      description: "the wallet whose money the account moves; null until it has one",
    }),
    roles: Type.Array(RoleSchema),
  },
  { title: "SignedIn" },
);
export type SignedIn = Static<typeof SignedInSchema>;

export const nonceFields = {
  nonce: Type.String({ description: "goes into the message; good once" }),
  domain: Type.String({ description: "the domain the message must name" }),
  uri: Type.String({ description: "the URI the message must name" }),
  chainId: Type.Integer({ description: "the chain that the message of an Ethereum account must name" }),
  expiresAt: TimeSchema,
};

/** `POST /auth/siwe/nonce`: the first step of signing in with a wallet (EIP-4361, CAIP-122). */
export const NonceRequestSchema = Type.Object(
  { address: Type.Optional(Type.String({ maxLength: 100, description: "not needed" })) },
  { ...strict, title: "NonceRequest" },
);
export const NonceResponseSchema = Type.Object(nonceFields, { title: "Nonce" });
export type NonceResponse = Static<typeof NonceResponseSchema>;

/**
 * `POST /auth/siwe/verify`, `POST /auth/wallets`: the message and the wallet's signature of it. The message is EIP-4361's;
 * for a Solana or Substrate account its first line says so, and the address is that chain's.
 */
export const VerifyRequestSchema = Type.Object(
  {
    message: Type.String({ minLength: 1, maxLength: 4_000 }),
    signature: Type.Unsafe<`0x${string}`>(Type.String({ pattern: "^0x[0-9a-fA-F]{2,16384}$" })),
  },
  { ...strict, title: "VerifyRequest" },
);

/** What a sign-in or a refresh gives: a short-lived token, and the one that gets the next pair. */
export const SessionTokensSchema = Type.Object(
  {
    accessToken: Type.String({ description: "JWT for the Authorization header" }),
    refreshToken: Type.String({ description: "good for one refresh; using it twice ends the session" }),
    expiresIn: Type.Integer({ description: "seconds the access token is good for" }),
    account: SignedInSchema,
  },
  { title: "SessionTokens" },
);
export type SessionTokens = Static<typeof SessionTokensSchema>;

/** `POST /auth/refresh`. */
export const RefreshRequestSchema = Type.Object(
  { refreshToken: Type.String({ minLength: 1, maxLength: 512 }) },
  { ...strict, title: "RefreshRequest" },
);

/** `GET /auth/session`. */
export const SessionSchema = Type.Object(
  {
    account: SignedInSchema,
    via: Type.Union([Type.Literal("session"), Type.Literal("key")]),
    scopes: Type.Union([Type.Literal("all"), Type.Array(ScopeSchema)]),
  },
  { title: "Session" },
);
export type Session = Static<typeof SessionSchema>;

/** `POST /auth/keys`. */
export const KeyRequestSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 64 }),
    scopes: Type.Array(ScopeSchema, { minItems: 1, maxItems: scopes.length, uniqueItems: true }),
    expiresInSeconds: Type.Optional(
      Type.Integer({ minimum: 60, maximum: MAX_KEY_LIFE_SECONDS, description: "90 days when absent" }),
    ),
    tier: Type.Optional({ ...RateTierSchema, description: "how much may be asked with it; standard when absent" }),
    serviceAccountId: Type.Optional(
      Type.String({
        maxLength: 64,
        description: "the service account it is for; the caller's own account when absent",
      }),
    ),
  },
  { ...strict, title: "KeyRequest" },
);
export type KeyRequest = Static<typeof KeyRequestSchema>;

const keyFields = {
  id: Type.String(),
  name: Type.String(),
  start: Type.String({ description: "the key's first characters, to tell keys apart" }),
  scopes: Type.Array(ScopeSchema),
  tier: RateTierSchema,
  serviceAccountId: Nullable(Type.String()),
  createdAt: TimeSchema,
  expiresAt: TimeSchema,
  lastUsedAt: Nullable(TimeSchema),
};

/** An API key as it can be listed: without the key. */
export const ApiKeySchema = Type.Object(keyFields, { title: "ApiKey" });
export type ApiKey = Static<typeof ApiKeySchema>;
export const ApiKeysSchema = Type.Object({ items: Type.Array(ApiKeySchema) }, { title: "ApiKeys" });

/** A new API key: the only time the key itself is told. */
export const NewApiKeySchema = Type.Object(
  { ...keyFields, key: Type.String({ description: "shown once; goes into the x-api-key header" }) },
  { title: "NewApiKey" },
);
export type NewApiKey = Static<typeof NewApiKeySchema>;
