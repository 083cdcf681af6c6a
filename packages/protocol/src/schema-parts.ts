import Type from "typebox";
import { MAX_AMOUNT } from "./amount.ts";

/** Building blocks of the wire schemas: patterns stand here once. */
export const HashSchema = Type.Unsafe<`0x${string}`>(
  Type.String({ pattern: "^0x[0-9a-f]{64}$", description: "32 bytes, 0x-prefixed lower-case hex" }),
);
export const AddressSchema = Type.Unsafe<`0x${string}`>(
  Type.String({ pattern: "^0x[0-9a-fA-F]{40}$", description: "EVM address" }),
);
export const SignatureSchema = Type.Unsafe<`0x${string}`>(
  Type.String({ pattern: "^0x[0-9a-fA-F]{130}$", description: "65-byte secp256k1 signature" }),
);
export const AmountSchema = Type.String({
  pattern: "^(0|[1-9][0-9]{0,18})$",
  description: `an integer of the token's smallest unit as text, at most ${MAX_AMOUNT}`,
});
export const CapabilitySchema = Type.String({
  pattern: "^[a-z][a-z0-9]*(\\.[a-z][a-z0-9]*)+$",
  maxLength: 64,
  description: "a dotted name such as text.summarize",
});
export const ModelNameSchema = Type.String({
  pattern: "^[a-z0-9][a-z0-9._:/-]{0,63}$",
  description: "a node's name for a language model, such as small or openai/gpt-4o-mini",
});
export const UnixSecondsSchema = Type.Integer({ minimum: 0, maximum: 2 ** 40, description: "seconds since 1970" });
export const TimeSchema = Type.String({ format: "date-time", description: "ISO 8601 instant" });
export const EmailSchema = Type.String({
  pattern: "^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z]{2,63}$",
  maxLength: 254,
  description: "an e-mail address; its case does not matter",
});
/** Shortest password, and the longest that is still hashed. */
export const MIN_PASSWORD_LENGTH = 10;
export const MAX_PASSWORD_LENGTH = 128;
export const PasswordSchema = Type.String({
  minLength: MIN_PASSWORD_LENGTH,
  maxLength: MAX_PASSWORD_LENGTH,
  description: "any characters; one that leaked often, or is made of the address, is refused",
});
/** Any JSON value; its real shape is the agent's schema. */
export const AnyJsonSchema = Type.Unknown();
