import fc from "fast-check";
import { keccak256 as keccak256OfViem, sha256 as sha256OfViem, stringToBytes, toHex } from "viem";
import { test } from "vitest";
import { keccak256 as keccakNative } from "./keccak256.node.ts";
import { keccak256 as keccakAnywhere } from "./keccak256.ts";
import { sha256 as shaNative } from "./sha256.node.ts";
import { sha256 as shaAnywhere } from "./sha256.ts";

/** Over the block of either hash, and the multiples of it. */
const bytes = fc.uint8Array({ maxLength: 500 });

test("every implementation of Keccak-256 and of SHA-256 gives the same hash of the same bytes", () => {
  fc.assert(
    fc.property(bytes, (given) => {
      const keccak = keccak256OfViem(given);
      const sha = sha256OfViem(given);
      return (
        toHex(keccakNative(given)) === keccak &&
        toHex(keccakAnywhere(given)) === keccak &&
        shaNative(given) === sha &&
        shaAnywhere(given) === sha
      );
    }),
    { numRuns: 300 },
  );
});

test("every implementation of SHA-256 takes a text as its UTF-8 bytes", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const sha = sha256OfViem(stringToBytes(text));
      return shaNative(text) === sha && shaAnywhere(text) === sha;
    }),
  );
});
