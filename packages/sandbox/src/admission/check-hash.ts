import { type BundledArtifact, hashBytes, type ImageArtifact, StoaError } from "@stoa/protocol";

/**
 * Checks that bytes are the artifact a manifest names.
 * @throws {StoaError} `wrong_hash`
 */
export function checkHash({ hash, bytes: length }: BundledArtifact | ImageArtifact, bytes: Uint8Array): void {
  if (bytes.length !== length)
    throw new StoaError("wrong_hash", `the artifact has ${bytes.length} bytes, its manifest says ${length}`);
  const actual = hashBytes(bytes);
  if (actual !== hash)
    throw new StoaError("wrong_hash", `the artifact's SHA-256 is ${actual}, its manifest says ${hash}`);
}
