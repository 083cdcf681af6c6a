import { ECDH } from "node:crypto";
import { privateKeyFromRaw } from "@libp2p/crypto/keys";
import type { PeerId, PrivateKey } from "@libp2p/interface";
import { StoaError, type NodeId } from "@stoa/protocol";
import { hexToBytes, type Hex } from "viem";
import { publicKeyToAddress } from "viem/accounts";

/**
 * The EVM address of a peer: both are derived from its one secp256k1 key, so a peer that passed the
 * noise handshake has proved that it holds the address's key.
 * @throws {StoaError} `unknown_node` when the peer's key is of another kind
 */
export function nodeAddress(peer: PeerId): NodeId {
  const key = peer.publicKey;
  if (key?.type !== "secp256k1") {
    throw new StoaError(
      "unknown_node",
      `a node's key must be secp256k1, peer ${peer.toString()} has ${key?.type ?? "no key"}`,
    );
  }
  const whole = ECDH.convertKey(Buffer.from(key.raw), "secp256k1", undefined, "hex", "uncompressed") as string;
  return publicKeyToAddress(`0x${whole}`) as NodeId;
}

/**
 * Reads a key as libp2p wants it.
 * @throws {StoaError} `invalid_configuration` when it is not 32 bytes of hex
 */
export function peerKey(privateKey: Hex): PrivateKey {
  if (!/^0x[0-9a-fA-F]{64}$/.test(privateKey)) {
    throw new StoaError("invalid_configuration", "a private key must be 0x and 64 hex digits");
  }
  return privateKeyFromRaw(hexToBytes(privateKey));
}
