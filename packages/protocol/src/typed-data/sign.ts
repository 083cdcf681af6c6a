import type { TypedDataDefinition } from "viem";
import { recoverAddress } from "#recover-address";
import type { Address, Hash, Signature } from "../ids.ts";
import { StoaError } from "../errors.ts";
import { eip712Domain, type SigningDomain } from "./domain.ts";
import { hashMessage } from "./hash-message.ts";
import { type TypedMessages, type TypedName, typedDataTypes } from "./types.ts";

/** Anything that holds a key: a viem local account, a wallet client, a hardware signer. */
export interface Signer {
  readonly address: Address;
  signTypedData(definition: TypedDataDefinition): Promise<Signature>;
  /** Signs an EIP-712 digest as it is, where the key can; the market's own encoding of it is the faster. */
  signDigest?(digest: Hash): Promise<Signature>;
}

function definition<Name extends TypedName>(domain: SigningDomain, name: Name, message: TypedMessages[Name]) {
  return {
    domain: eip712Domain(domain),
    types: { [name]: typedDataTypes[name] },
    primaryType: name,
    message,
  } as unknown as TypedDataDefinition;
}

/** The EIP-712 digest of a message: what is signed, and, for an order, the task's id. */
export function hashTyped<Name extends TypedName>(
  domain: SigningDomain,
  name: Name,
  message: TypedMessages[Name],
): Hash {
  return hashMessage(domain, name, message);
}

/** Signs a typed message with a key the caller holds. */
export async function signTyped<Name extends TypedName>(
  signer: Signer,
  domain: SigningDomain,
  name: Name,
  message: TypedMessages[Name],
): Promise<Signature> {
  if (signer.signDigest) return signer.signDigest(hashMessage(domain, name, message));
  return signer.signTypedData(definition(domain, name, message));
}

/** r, s and v: 65 bytes, v 27 or 28. */
const SIGNATURE = /^0x[0-9a-fA-F]{128}1[b-cB-C]$/;
/** Half the order of secp256k1. A signature has a mirror image above it, which the vault refuses. */
const LARGEST_S = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/**
 * Recovers who signed a typed message.
 * @throws {StoaError} `wrong_signature` when the bytes are no signature, or not in the one form the vault takes
 */
export async function recoverSigner<Name extends TypedName>(
  domain: SigningDomain,
  name: Name,
  message: TypedMessages[Name],
  signature: Signature,
): Promise<Address> {
  if (!SIGNATURE.test(signature) || BigInt(`0x${signature.slice(66, 130)}`) > LARGEST_S) {
    throw new StoaError(
      "wrong_signature",
      `the ${name}'s signature must be 65 bytes with a low s and v 27 or 28, got ${signature.slice(0, 200)}`,
    );
  }
  try {
    return await recoverAddress(hashTyped(domain, name, message), signature);
  } catch (cause) {
    throw new StoaError("wrong_signature", `the ${name}'s signature cannot be read`, { cause });
  }
}

/**
 * Checks that `expected` signed the message.
 * @throws {StoaError} `wrong_signature` naming the actual and the expected signer
 */
export async function requireSigner<Name extends TypedName>(
  domain: SigningDomain,
  name: Name,
  message: TypedMessages[Name],
  signature: Signature,
  expected: Address,
): Promise<void> {
  const actual = await recoverSigner(domain, name, message, signature);
  if (actual.toLowerCase() !== expected.toLowerCase()) {
    throw new StoaError("wrong_signature", `the ${name} is signed by ${actual}, expected ${expected}`);
  }
}
