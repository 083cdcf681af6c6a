import {
  createCipheriv,
  createDecipheriv,
  pbkdf2 as pbkdf2Callback,
  randomBytes,
  randomUUID,
  timingSafeEqual,
} from "node:crypto";
import { promisify } from "node:util";
import { scryptAsync } from "@noble/hashes/scrypt.js";
import { StoaError } from "@stoa/protocol";
import { keccak256 } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import type { Key } from "./key-file.ts";

/**
 * A key encrypted with a passphrase, in the form that wallets and nodes exchange: version 3 of
 * https://ethereum.org/developers/docs/data-structures-and-encoding/web3-secret-storage
 */
export interface Keystore {
  version: 3;
  id: string;
  /** Without 0x, as others write it. */
  address?: string;
  crypto: {
    cipher: "aes-128-ctr";
    cipherparams: { iv: string };
    ciphertext: string;
    kdf: "scrypt" | "pbkdf2";
    kdfparams: Record<string, unknown>;
    mac: string;
  };
}

const pbkdf2 = promisify(pbkdf2Callback);

/** What scrypt costs: `n` is a power of two. */
interface Strength {
  n: number;
  r: number;
  p: number;
}

/** What geth and others take for a key that money is behind: about a second and 256 MiB a guess. */
const STRONG = { n: 262_144, r: 8, p: 1 } as const;
const KEY_BYTES = 32;
/** No file makes this process take more memory or time than these. */
const MOST_SCRYPT_BYTES = 1_073_741_824;
const MOST_ROUNDS = 10_000_000;

/** Encrypts a key. */
export async function encryptKey(key: Key, passphrase: string, strength: Strength = STRONG): Promise<Keystore> {
  const [salt, iv] = [randomBytes(32), randomBytes(16)];
  const derived = await scrypt(passphrase.normalize("NFKC"), salt, strength);
  const cipher = createCipheriv("aes-128-ctr", derived.subarray(0, 16), iv);
  const ciphertext = Buffer.concat([cipher.update(Buffer.from(key.slice(2), "hex")), cipher.final()]);
  return {
    version: 3,
    id: randomUUID(),
    address: privateKeyToAddress(key).slice(2).toLowerCase(),
    crypto: {
      cipher: "aes-128-ctr",
      cipherparams: { iv: iv.toString("hex") },
      ciphertext: ciphertext.toString("hex"),
      kdf: "scrypt",
      kdfparams: { ...strength, dklen: KEY_BYTES, salt: salt.toString("hex") },
      mac: macOf(derived, ciphertext).toString("hex"),
    },
  };
}

/**
 * Decrypts a keystore of any wallet.
 * @throws {StoaError} `invalid_configuration` when it is none, or the passphrase is another's
 */
export async function decryptKey(keystore: unknown, passphrase: string): Promise<Key> {
  const { crypto, address } = readKeystore(keystore);
  const ciphertext = hexOf(crypto.ciphertext, "ciphertext", KEY_BYTES);
  const derived = await deriveKey(crypto, passphrase.normalize("NFKC"));
  if (!timingSafeEqual(macOf(derived, ciphertext), hexOf(crypto.mac, "mac", 32)))
    throw wrong("the passphrase is another's, or the file was damaged");
  const iv = hexOf(crypto.cipherparams.iv, "iv", 16);
  const decipher = createDecipheriv("aes-128-ctr", derived.subarray(0, 16), iv);
  const key: Key = `0x${Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString("hex")}`;
  const actual = privateKeyToAddress(key).toLowerCase();
  if (address !== undefined && actual !== `0x${address.replace(/^0x/i, "").toLowerCase()}`)
    throw wrong(`it says it is of ${address}, its key is ${actual}'s`);
  return key;
}

function readKeystore(value: unknown): Keystore {
  const found = value as Partial<Keystore> & { Crypto?: Keystore["crypto"] };
  // Older wallets write it with a capital.
  const crypto = found?.crypto ?? found?.Crypto;
  if (found?.version !== 3 || !crypto) throw wrong(`it is no keystore of version 3, but ${String(found?.version)}`);
  if (crypto.cipher !== "aes-128-ctr") throw wrong(`its cipher is ${String(crypto.cipher)}, expected aes-128-ctr`);
  return { ...(found as Keystore), crypto };
}

async function deriveKey({ kdf, kdfparams }: Keystore["crypto"], passphrase: string): Promise<Buffer> {
  const salt = hexOf(kdfparams["salt"], "salt");
  if (kdfparams["dklen"] !== KEY_BYTES)
    throw wrong(`its dklen is ${String(kdfparams["dklen"])}, expected ${KEY_BYTES}`);
  if (kdf === "scrypt") {
    const [n, r, p] = ["n", "r", "p"].map((name) => countOf(kdfparams, name)) as [number, number, number];
    if ((n & (n - 1)) !== 0 || n < 2 || 128 * n * r * p > MOST_SCRYPT_BYTES)
      throw wrong(`its scrypt costs n ${n}, r ${r}, p ${p} are no valid or sensible ones`);
    return scrypt(passphrase, salt, { n, r, p });
  }
  if (kdf !== "pbkdf2" || kdfparams["prf"] !== "hmac-sha256") throw wrong(`its kdf is ${kdf}`);
  const rounds = countOf(kdfparams, "c");
  if (rounds > MOST_ROUNDS) throw wrong(`its ${rounds} rounds are more than ${MOST_ROUNDS}`);
  return pbkdf2(passphrase, salt, rounds, KEY_BYTES, "sha256");
}

/** Not OpenSSL's, which refuses costs that the definition's own example has (n of 2^16 and more with r of 1). */
async function scrypt(passphrase: string, salt: Buffer, { n, r, p }: Strength): Promise<Buffer> {
  return Buffer.from(
    await scryptAsync(passphrase, salt, { N: n, r, p, dkLen: KEY_BYTES, maxmem: 2 * MOST_SCRYPT_BYTES }),
  );
}

function macOf(derived: Buffer, ciphertext: Buffer): Buffer {
  return Buffer.from(keccak256(Buffer.concat([derived.subarray(16, 32), ciphertext])).slice(2), "hex");
}

function countOf(values: Record<string, unknown>, name: string): number {
  const value = values[name];
  if (typeof value === "number" && Number.isSafeInteger(value) && value > 0 && value < 2 ** 31) return value;
  throw wrong(`its ${name} is ${JSON.stringify(value)}`);
}

function hexOf(value: unknown, name: string, bytes?: number): Buffer {
  const text = typeof value === "string" ? value.replace(/^0x/, "") : "";
  if (!/^(?:[0-9a-f]{2})+$/i.test(text) || (bytes !== undefined && text.length !== 2 * bytes))
    throw wrong(`its ${name} is not ${bytes ?? "some"} bytes of hex`);
  return Buffer.from(text, "hex");
}

function wrong(why: string): StoaError {
  return new StoaError("invalid_configuration", `the keystore cannot be opened: ${why}`);
}
