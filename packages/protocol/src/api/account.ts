import Type, { type Static } from "typebox";
import { AddressSchema, AmountSchema, HashSchema, TimeSchema } from "../schema-parts.ts";
import { ArchivedRangesSchema } from "./archived.ts";
import { RoleSchema } from "./auth.ts";
import { Nullable, pageOf } from "./page.ts";

/** `GET /account`. Amounts are what the market's ledger says; staked, unstaking and bonded sum over the account's nodes. */
export const AccountSchema = Type.Object(
  {
    id: Type.String(),
    address: Nullable({
      ...AddressSchema,
      description: "whose balances these are; null until the account has a wallet",
    }),
    roles: Type.Array(RoleSchema),
    balances: Type.Object({
      available: AmountSchema,
      held: AmountSchema,
      earmarked: AmountSchema,
      withdrawing: AmountSchema,
      staked: AmountSchema,
      unstaking: AmountSchema,
      bonded: AmountSchema,
    }),
  },
  { title: "Account" },
);
export type Account = Static<typeof AccountSchema>;

/** One line of the ledger that concerns the account. */
export const AccountEntrySchema = Type.Object(
  {
    postingId: Type.String(),
    kind: Type.String(),
    account: Type.String({
      description: "which of the account's books: available, held, earmarked, withdrawing, or a node's stake",
    }),
    amount: Type.String({
      pattern: "^-?[1-9][0-9]{0,18}$",
      description: "what the book gained, or lost when negative",
    }),
    taskId: Nullable(HashSchema),
    postedAt: TimeSchema,
  },
  { title: "AccountEntry" },
);
export type AccountEntry = Static<typeof AccountEntrySchema>;
/** The account's entries, the newest first; the last page says where older ones are. */
export const AccountEntryPageSchema = Type.Object(
  { ...pageOf(AccountEntrySchema, "AccountEntryPage").properties, archived: Type.Optional(ArchivedRangesSchema) },
  { title: "AccountEntryPage" },
);
export type AccountEntryPage = Static<typeof AccountEntryPageSchema>;
