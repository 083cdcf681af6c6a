import Type, { type TSchema } from "typebox";
import { MAX_AMOUNT } from "./amount.ts";
import { checksumAddress } from "./checksum-address.ts";
import { StoaError } from "./errors.ts";
import { type TypedMessages, type TypedName, typedDataTypes } from "./typed-data/types.ts";
import { AddressSchema, AmountSchema, HashSchema } from "./schema-parts.ts";

type SmallUint = "uint8" | "uint16" | "uint32";
type WireField<SolidityType> = SolidityType extends SmallUint
  ? number
  : SolidityType extends `uint${string}`
    ? string
    : `0x${string}`;

/** A typed message as JSON carries it: integers over 32 bits are decimal text. */
export type WireTyped<Name extends TypedName> = {
  [Field in (typeof typedDataTypes)[Name][number] as Field["name"]]: WireField<Field["type"]>;
};

/** A uint256 is money, bounded by {@link MAX_AMOUNT}, unless it is one of these. */
const NOT_MONEY = new Set(["nonce", "escrowId"]);
const DECIMAL = /^(0|[1-9][0-9]{0,77})$/;
const HASH = /^0x[0-9a-f]{64}$/;
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;

interface Field {
  name: string;
  type: string;
}

function bitsOf(type: string): number {
  return Number(type.slice("uint".length));
}

function largestOf({ name, type }: Field): bigint {
  const bits = bitsOf(type);
  return bits === 256 && !NOT_MONEY.has(name) ? MAX_AMOUNT : (1n << BigInt(bits)) - 1n;
}

function fieldSchema(field: Field): TSchema {
  if (field.type === "address") return AddressSchema;
  if (field.type === "bytes32") return HashSchema;
  if (bitsOf(field.type) <= 32) return Type.Integer({ minimum: 0, maximum: Number(largestOf(field)) });
  if (largestOf(field) === MAX_AMOUNT) return AmountSchema;
  return Type.String({
    pattern: DECIMAL.source,
    description: `an unsigned ${bitsOf(field.type)}-bit integer as decimal text`,
  });
}

function messageSchema<Name extends TypedName>(name: Name, description: string) {
  const fields: readonly Field[] = typedDataTypes[name];
  const properties = Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field)]));
  return Type.Unsafe<WireTyped<Name>>(Type.Object(properties, { additionalProperties: false, description }));
}

export const OrderSchema = messageSchema("Order", "what a requester signs to open a task");
export const SessionKeySchema = messageSchema(
  "SessionKey",
  "what a wallet signs so that a program's key may order for it",
);
export const BidSheetSchema = messageSchema("BidSheet", "what a node signs once per round, over all its answers");
export const SheetReceiptSchema = messageSchema("SheetReceipt", "what the operator signs when it has a node's sheet");
export const AwardSchema = messageSchema(
  "Award",
  "what operator and node sign: this node does this order at this price",
);
export const ReceiptSchema = messageSchema("Receipt", "what a node signs when it delivers");
export const AcceptanceSchema = messageSchema("Acceptance", "what a requester signs when it has seen the result");
export const HoldReceiptSchema = messageSchema(
  "HoldReceipt",
  "what the operator signs so that a node knows an order is covered",
);
export const NodeLinkSchema = messageSchema("NodeLink", "what a provider's wallet signs to vouch for a node's key");
export const NodeConsentSchema = messageSchema(
  "NodeConsent",
  "what a node's key signs so that a provider may register it on chain",
);
export const OpeningSchema = messageSchema("Opening", "what the operator signs when a round opens");
export const RefusalSchema = messageSchema("Refusal", "what a node signs to turn an award down");
export const PublicationSchema = messageSchema("Publication", "what a creator signs to publish an agent version");
export const AttestationSchema = messageSchema(
  "Attestation",
  "what a node signs that has checked a result for an escrow",
);
export const VoucherSchema = messageSchema(
  "Voucher",
  "what a channel's signer signs to pay, for the sum of all so far",
);

function encodeField(type: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : type === "address" ? checksumAddress(value as string) : value;
}

/**
 * Writes a typed message as JSON: integers over 32 bits become decimal text, addresses are checksummed.
 * @example
 * encodeTyped("Acceptance", { orderHash, resultHash, price: 5n }) // { orderHash, resultHash, price: "5" }
 */
export function encodeTyped<Name extends TypedName>(name: Name, message: TypedMessages[Name]): WireTyped<Name> {
  const fields: readonly Field[] = typedDataTypes[name];
  const values = message as unknown as Record<string, unknown>;
  return Object.fromEntries(
    fields.map(({ name: key, type }) => [key, encodeField(type, values[key])]),
  ) as WireTyped<Name>;
}

function decodeField(field: Field, value: unknown): unknown {
  const { type } = field;
  if (type === "address" && typeof value === "string" && ADDRESS.test(value)) return checksumAddress(value);
  if (type === "bytes32" && typeof value === "string" && HASH.test(value)) return value;
  if (!type.startsWith("uint")) return undefined;
  if (bitsOf(type) <= 32) {
    const fits =
      typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= Number(largestOf(field));
    // An integer JSON may write as -0 or 1.0 has one in-memory form.
    return fits ? value + 0 : undefined;
  }
  if (typeof value !== "string" || !DECIMAL.test(value)) return undefined;
  const integer = BigInt(value);
  return integer <= largestOf(field) ? integer : undefined;
}

/**
 * Reads a typed message from JSON that nobody has checked yet; the inverse of {@link encodeTyped}.
 * Amounts over {@link MAX_AMOUNT}, unknown fields and integers in any but their one form are refused.
 * @throws {StoaError} `invalid_request` naming the field and what it should be
 */
export function decodeTyped<Name extends TypedName>(name: Name, json: unknown): TypedMessages[Name] {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new StoaError("invalid_request", `${name} must be an object, got ${JSON.stringify(json)}`);
  }
  const fields: readonly Field[] = typedDataTypes[name];
  const given = json as Record<string, unknown>;
  const unknown = Object.keys(given).find((key) => !fields.some((field) => field.name === key));
  if (unknown !== undefined) throw new StoaError("invalid_request", `${name} has no field ${JSON.stringify(unknown)}`);
  const message: Record<string, unknown> = {};
  for (const field of fields) {
    const value = decodeField(field, given[field.name]);
    if (value === undefined) {
      const got = JSON.stringify(given[field.name]);
      throw new StoaError("invalid_request", `${name}.${field.name} must be ${describe(field)}, got ${got}`);
    }
    message[field.name] = value;
  }
  return message as unknown as TypedMessages[Name];
}

function describe(field: Field): string {
  if (field.type === "address") return "an EVM address";
  if (field.type === "bytes32") return "0x and 64 lower-case hex digits";
  const form = bitsOf(field.type) <= 32 ? "an integer" : "decimal text of an integer";
  return `${form} from 0 to ${largestOf(field)}`;
}
