import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";

const base64url = (bytes: Uint8Array | string) => Buffer.from(bytes).toString("base64url");
const sha256 = (data: Uint8Array | string) => createHash("sha256").update(data).digest();

const PRESENT = 0x01;
const VERIFIED = 0x04;
const ATTESTED = 0x40;

export interface Asked {
  challenge: string;
  rpId: string;
  origin: string;
}

/** What a test has a device do otherwise than it should. */
export interface Misuse {
  origin?: string;
  rpId?: string;
  isVerified?: boolean;
  counter?: number;
  type?: string;
}

/** A device with one key of P-256, which signs as WebAuthn says. */
export function testAuthenticator() {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const id = randomBytes(32);
  let counter = 0;

  const dataOf = ({ challenge, origin }: Asked, type: string, { origin: other, type: otherType }: Misuse) =>
    JSON.stringify({ type: otherType ?? type, challenge, origin: other ?? origin, crossOrigin: false });

  function authData({ rpId }: Asked, misuse: Misuse, attested?: Buffer): Buffer {
    counter = misuse.counter ?? counter + 1;
    const flags = PRESENT | (misuse.isVerified === false ? 0 : VERIFIED) | (attested ? ATTESTED : 0);
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    return Buffer.concat([sha256(misuse.rpId ?? rpId), Buffer.from([flags]), count, attested ?? Buffer.alloc(0)]);
  }

  return {
    /** A new key, for `POST /auth/passkeys`. */
    make(asked: Asked, misuse: Misuse = {}) {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(id.length);
      const attested = Buffer.concat([Buffer.alloc(16), length, id, coseKey(publicKey)]);
      const response = {
        clientDataJSON: base64url(dataOf(asked, "webauthn.create", misuse)),
        attestationObject: base64url(attestation(authData(asked, misuse, attested))),
        transports: ["internal"],
      };
      return {
        id: base64url(id),
        rawId: base64url(id),
        type: "public-key" as const,
        response,
        clientExtensionResults: {},
      };
    },
    /** A signature, for `POST /auth/passkeys/sign-in`. */
    sign(asked: Asked, misuse: Misuse = {}) {
      const clientData = dataOf(asked, "webauthn.get", misuse);
      const data = authData(asked, misuse);
      const signature = createSign("sha256").update(data).update(sha256(clientData)).sign(privateKey);
      const response = {
        clientDataJSON: base64url(clientData),
        authenticatorData: base64url(data),
        signature: base64url(signature),
      };
      return {
        id: base64url(id),
        rawId: base64url(id),
        type: "public-key" as const,
        response,
        clientExtensionResults: {},
      };
    },
  };
}

/** CBOR of a COSE key: { 1: 2, 3: -7, -1: 1, -2: x, -3: y }. */
function coseKey(publicKey: KeyObject): Buffer {
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const [bytesX, bytesY] = [Buffer.from(x, "base64url"), Buffer.from(y, "base64url")];
  return Buffer.concat([Buffer.from("a5010203262001215820", "hex"), bytesX, Buffer.from("225820", "hex"), bytesY]);
}

/** CBOR of { fmt: "none", attStmt: {}, authData }. */
function attestation(data: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(data.length);
  const head = Buffer.from(`a3${text("fmt")}${text("none")}${text("attStmt")}a0${text("authData")}59`, "hex");
  return Buffer.concat([head, length, data]);
}

function text(value: string): string {
  return (0x60 + value.length).toString(16) + Buffer.from(value).toString("hex");
}
