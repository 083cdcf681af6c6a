import Type, { type Static } from "typebox";
import { TimeSchema } from "../schema-parts.ts";
import { nonceFields } from "./auth.ts";
import { LinkedProviderSchema } from "./oidc.ts";
import { Nullable } from "./page.ts";
import { PasskeySchema } from "./passkeys.ts";

/** Where an account is signed in. */
export const SignedInSessionSchema = Type.Object(
  {
    id: Type.String(),
    isCurrent: Type.Boolean({ description: "whether it is the one that asks" }),
    clientAddress: Nullable(Type.String()),
    userAgent: Nullable(Type.String()),
    createdAt: TimeSchema,
    lastUsedAt: { ...TimeSchema, description: "when its tokens were last renewed" },
    expiresAt: TimeSchema,
  },
  { title: "SignedInSession" },
);
export type SignedInSession = Static<typeof SignedInSessionSchema>;
export const SignedInSessionsSchema = Type.Object(
  { items: Type.Array(SignedInSessionSchema) },
  { title: "SignedInSessions" },
);

/** What kind of account a wallet's key is of. */
export const walletKinds = ["ethereum", "solana", "substrate"] as const;
export type WalletKind = (typeof walletKinds)[number];

/** A wallet that signs in to an account. */
export const LinkedWalletSchema = Type.Object(
  {
    id: Type.String(),
    kind: Type.Unsafe<WalletKind>(Type.String({ enum: [...walletKinds] })),
    address: Type.String(),
    isMain: Type.Boolean({ description: "whether it is the one whose money the account moves" }),
    linkedAt: TimeSchema,
  },
  { title: "LinkedWallet" },
);
export type LinkedWallet = Static<typeof LinkedWalletSchema>;

/** `GET /auth/identities`: all that signs in to the account. */
export const IdentitiesSchema = Type.Object(
  {
    email: Nullable(Type.String()),
    hasPassword: Type.Boolean(),
    hasSecondFactor: Type.Boolean(),
    wallets: Type.Array(LinkedWalletSchema),
    providers: Type.Array(LinkedProviderSchema),
    passkeys: Type.Array(PasskeySchema),
  },
  { title: "Identities" },
);
export type Identities = Static<typeof IdentitiesSchema>;

/** `POST /auth/wallets/nonce`: the first step of linking a wallet. */
export const LinkNonceSchema = Type.Object(
  {
    ...nonceFields,
    statement: Type.String({ description: "what the message must state, so that nobody links unawares" }),
  },
  { title: "LinkNonce" },
);
export type LinkNonce = Static<typeof LinkNonceSchema>;
