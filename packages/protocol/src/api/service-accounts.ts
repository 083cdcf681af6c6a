import Type, { type Static } from "typebox";
import { TimeSchema } from "../schema-parts.ts";

/** Most service accounts that one account owns. */
export const MAX_SERVICE_ACCOUNTS = 50;

/** `POST /auth/service-accounts`. */
export const ServiceAccountRequestSchema = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 64 }) },
  { additionalProperties: false, title: "ServiceAccountRequest" },
);

/** An account of a program, which acts for its owner's wallets by keys of its own. */
export const ServiceAccountSchema = Type.Object(
  { id: Type.String(), name: Type.String(), createdAt: TimeSchema },
  { title: "ServiceAccount" },
);
export type ServiceAccount = Static<typeof ServiceAccountSchema>;
export const ServiceAccountsSchema = Type.Object(
  { items: Type.Array(ServiceAccountSchema) },
  { title: "ServiceAccounts" },
);
