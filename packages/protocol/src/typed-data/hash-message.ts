import { type Hex, keccak256, stringToHex } from "viem";
import type { Hash } from "../ids.ts";
import type { SigningDomain } from "./domain.ts";
import { type TypedMessages, type TypedName, typedDataTypes } from "./types.ts";

/*
 * EIP-712 written out for flat messages of one-word fields, which all of ours are: a general encoder takes ten times
 * as long, and the market hashes several messages for every step of a task.
 */

interface Field {
  name: string;
  type: string;
}

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const HASH = /^0x[0-9a-fA-F]{64}$/;
const DOMAIN_TYPE = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";
const NAME_HASH = textHash("Stoa");
const VERSION_HASH = textHash("1");
const DOMAIN_TYPE_HASH = textHash(DOMAIN_TYPE);

const typeHashes = new Map<TypedName, string>();
const separators = new Map<string, string>();

/**
 * The EIP-712 digest of one of the market's messages.
 * @throws {RangeError} when a field is not of its type
 */
export function hashMessage<Name extends TypedName>(
  domain: SigningDomain,
  name: Name,
  message: TypedMessages[Name],
): Hash {
  const fields: readonly Field[] = typedDataTypes[name];
  const values = message as unknown as Record<string, unknown>;
  let encoded = typeHashOf(name, fields);
  for (const field of fields) encoded += word(field, values[field.name]);
  return keccak256(`0x1901${separatorOf(domain)}${digits(keccak256(`0x${encoded}`))}`);
}

function typeHashOf(name: TypedName, fields: readonly Field[]): string {
  const known = typeHashes.get(name);
  if (known) return known;
  const hash = textHash(`${name}(${fields.map(({ type, name: field }) => `${type} ${field}`).join(",")})`);
  typeHashes.set(name, hash);
  return hash;
}

function separatorOf({ chainId, vault }: SigningDomain): string {
  const key = `${chainId}:${vault}`;
  const known = separators.get(key);
  if (known) return known;
  const words = [word({ name: "chainId", type: "uint256" }, chainId), word({ name: "vault", type: "address" }, vault)];
  const separator = digits(keccak256(`0x${DOMAIN_TYPE_HASH}${NAME_HASH}${VERSION_HASH}${words.join("")}`));
  separators.set(key, separator);
  return separator;
}

/** 32 bytes as 64 hex digits. */
function word({ name, type }: Field, value: unknown): string {
  if (type === "address" && typeof value === "string" && ADDRESS.test(value))
    return value.slice(2).toLowerCase().padStart(64, "0");
  if (type === "bytes32" && typeof value === "string" && HASH.test(value)) return value.slice(2).toLowerCase();
  if (type.startsWith("uint") && (typeof value === "bigint" || Number.isSafeInteger(value))) {
    const integer = BigInt(value as bigint | number);
    if (integer >= 0n && integer >> BigInt(type.slice("uint".length)) === 0n)
      return integer.toString(16).padStart(64, "0");
  }
  throw new RangeError(`${name} must be ${type}, got ${String(value)}`);
}

function textHash(text: string): string {
  return digits(keccak256(stringToHex(text)));
}

function digits(hex: Hex): string {
  return hex.slice(2);
}
