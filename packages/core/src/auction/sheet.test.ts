import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import fc from "fast-check";
import type { Hash, SheetAnswer } from "@stoa/protocol";
import { concat, encodeAbiParameters, keccak256, parseAbiParameters } from "viem";
import { describe, expect, it } from "vitest";
import { testHash } from "../../tests/random-market.ts";
import { answersRoot, type PassLeaves } from "./answers-root.ts";
import { buildSheet, openSheet, verifyAnswer } from "./sheet.ts";

const answers = fc
  .array(
    fc.record({
      agentVersion: fc.integer({ min: 0, max: 9 }).map(testHash),
      ask: fc.bigInt({ min: 0n, max: 10n ** 18n }).map(String),
      promisedSeconds: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      reason: fc.integer({ min: 0, max: 255 }),
    }),
    { minLength: 1, maxLength: 20 },
  )
  .map((drawn) => drawn.map((answer, index): SheetAnswer => ({ orderHash: testHash(index), ...answer })));

/** Folds a proof as the vault does: sorted pairs, leaves hashed twice. */
function foldProof(
  { orderHash, agentVersion, ask, promisedSeconds, reason }: SheetAnswer,
  proof: readonly Hash[],
): Hash {
  const types = parseAbiParameters("bytes32, bytes32, uint256, uint32, uint8");
  const leaf = keccak256(
    keccak256(encodeAbiParameters(types, [orderHash, agentVersion, BigInt(ask), promisedSeconds, reason])),
  );
  return proof.reduce((hash, sibling) => keccak256(concat(hash < sibling ? [hash, sibling] : [sibling, hash])), leaf);
}

describe("a node's sheet", { timeout: 30_000 }, () => {
  it("proves each of its answers to a contract that knows only the root", () => {
    fc.assert(
      fc.property(answers, (drawn) => {
        const { root, proofs } = buildSheet(drawn);
        const sheet = openSheet(drawn);
        expect(answersRoot(drawn)).toBe(root);
        expect(sheet.prove(testHash(drawn.length))).toBeUndefined();
        drawn.forEach((answer, index) => {
          expect(sheet.prove(answer.orderHash)).toEqual({ answer, proof: proofs[index] });
          expect(verifyAnswer(root, answer, proofs[index]!)).toBe(true);
          expect(foldProof(answer, proofs[index]!)).toBe(root);
        });
      }),
      { numRuns: 40 },
    );
  });

  it("proves no answer that was changed, nor one by another's proof", () => {
    fc.assert(
      fc.property(answers, fc.nat(), (drawn, at) => {
        const { root, proofs } = buildSheet(drawn);
        const index = at % drawn.length;
        const answer = drawn[index]!;
        const proof = proofs[index]!;
        expect(verifyAnswer(root, { ...answer, ask: (BigInt(answer.ask) + 1n).toString() }, proof)).toBe(false);
        expect(verifyAnswer(root, { ...answer, reason: (answer.reason + 1) % 256 }, proof)).toBe(false);
        const other = (index + 1) % drawn.length;
        if (other !== index) expect(verifyAnswer(root, drawn[other]!, proof)).toBe(false);
      }),
      { numRuns: 40 },
    );
  });

  it("is the standard tree over its answers that other tools build", () => {
    const types = ["bytes32", "bytes32", "uint256", "uint32", "uint8"];
    const standard = fc.property(answers, (drawn) => {
      const values = drawn.map((answer) => [
        answer.orderHash,
        answer.agentVersion,
        BigInt(answer.ask),
        answer.promisedSeconds,
        answer.reason,
      ]);
      const tree = StandardMerkleTree.of(values, types);
      const { root, proofs } = buildSheet(drawn);
      expect(root).toBe(tree.root);
      expect(proofs).toEqual(drawn.map((_, index) => tree.getProof(index)));
    });
    fc.assert(standard, { numRuns: 30 });
  });

  it("has the same root when many sheets share the hashes of their passes", () => {
    const passes: PassLeaves = new Map();
    const shared = fc.property(answers, (drawn) => {
      expect(answersRoot(drawn, passes)).toBe(buildSheet(drawn).root);
    });
    fc.assert(shared, { numRuns: 30 });
    expect(passes.size).toBeGreaterThan(30);
  });

  it("has no root with an answer that its leaf could not tell from another", () => {
    const [orderHash, agentVersion] = [testHash(1), testHash(2)];
    const answer = { orderHash, agentVersion, ask: "0", promisedSeconds: 0, reason: 0 };
    for (const change of [{ reason: 256 }, { promisedSeconds: 2 ** 32 }, { promisedSeconds: 0.5 }, { ask: "-1" }])
      expect(() => answersRoot([{ ...answer, ...change }])).toThrow(RangeError);
    expect(() => answersRoot([{ ...answer, ask: (1n << 256n).toString() }])).toThrow(RangeError);
    const largest = [{ ...answer, ask: ((1n << 256n) - 1n).toString() }];
    expect(answersRoot(largest)).toBe(buildSheet(largest).root);
  });

  it("has one root whatever the order of its answers", () => {
    const unordered = fc.property(answers, (drawn) => {
      expect(answersRoot(drawn.toReversed())).toBe(answersRoot(drawn));
    });
    fc.assert(unordered, { numRuns: 30 });
  });
});
