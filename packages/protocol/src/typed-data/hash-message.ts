import { bytesToHex, stringToBytes } from "viem";
import { keccak256 } from "#keccak256";
import { writeHex } from "../hash/write-hex.ts";
import type { Hash } from "../ids.ts";
import type { SigningDomain } from "./domain.ts";
import { type TypedMessages, type TypedName, typedDataTypes } from "./types.ts";

/*
 * EIP-712 written out for flat messages of one-word fields, which all of ours are: a general encoder takes thirty times
 * as long, and the market hashes several messages for every step of a task.
 */

interface Field {
  name: string;
  type: string;
}

const WORD = 32;
const ADDRESS_BYTES = 20;
const DOMAIN_TYPE = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";

const typeHashes = new Map<TypedName, Uint8Array>();
const separators = new Map<string, Uint8Array>();

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
  const encoded = new Uint8Array(WORD * (fields.length + 1));
  encoded.set(typeHashOf(name, fields), 0);
  fields.forEach((field, index) => writeWord(field, values[field.name], encoded, WORD * (index + 1)));
  const signed = new Uint8Array(2 + 2 * WORD);
  signed.set([0x19, 0x01], 0);
  signed.set(separatorOf(domain), 2);
  signed.set(keccak256(encoded), 2 + WORD);
  return bytesToHex(keccak256(signed));
}

function typeHashOf(name: TypedName, fields: readonly Field[]): Uint8Array {
  const known = typeHashes.get(name);
  if (known) return known;
  const hash = textHash(`${name}(${fields.map(({ type, name: field }) => `${type} ${field}`).join(",")})`);
  typeHashes.set(name, hash);
  return hash;
}

function separatorOf({ chainId, vault }: SigningDomain): Uint8Array {
  const key = `${chainId}:${vault}`;
  const known = separators.get(key);
  if (known) return known;
  const encoded = new Uint8Array(5 * WORD);
  [DOMAIN_TYPE, "Stoa", "1"].forEach((text, index) => encoded.set(textHash(text), WORD * index));
  writeWord({ name: "chainId", type: "uint256" }, chainId, encoded, 3 * WORD);
  writeWord({ name: "vault", type: "address" }, vault, encoded, 4 * WORD);
  const separator = keccak256(encoded);
  separators.set(key, separator);
  return separator;
}

/** Writes a field as 32 bytes, which are zero before. */
function writeWord({ name, type }: Field, value: unknown, bytes: Uint8Array, at: number): void {
  const fits =
    type === "address"
      ? writeHex(value, ADDRESS_BYTES, bytes, at + WORD - ADDRESS_BYTES)
      : type === "bytes32"
        ? writeHex(value, WORD, bytes, at)
        : writeInteger(value, Number(type.slice("uint".length)), bytes, at);
  if (!fits) throw new RangeError(`${name} must be ${type}, got ${String(value)}`);
}

function writeInteger(value: unknown, bits: number, bytes: Uint8Array, at: number): boolean {
  if (typeof value !== "bigint" && !Number.isSafeInteger(value)) return false;
  let rest = BigInt(value as bigint | number);
  if (rest < 0n || rest >> BigInt(bits) !== 0n) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, WORD);
  for (let place = WORD - 8; rest > 0n; place -= 8, rest >>= 64n) view.setBigUint64(place, BigInt.asUintN(64, rest));
  return true;
}

function textHash(text: string): Uint8Array {
  return keccak256(stringToBytes(text));
}
