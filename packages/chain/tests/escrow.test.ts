import { encodeDeployData, zeroAddress } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  attestationEvidence,
  deliverResult,
  deliverVerified,
  escrowAmountFor,
  escrowBalance,
  escrowOf,
  nodeSignaturesCondition,
  refundEscrow,
  releaseEscrow,
  resultHashCondition,
  signAttestation,
  tokenBalance,
  validationRequestHash,
  validatorCondition,
  verifyDelivery,
  withdrawFromEscrow,
} from "@stoa/chain";
import { hashJson, hashTyped } from "@stoa/protocol";
import {
  nodeSignaturesVerifierAbi,
  nodeSignaturesVerifierBytecode,
} from "../src/generated/node-signatures-verifier.ts";
import { resultHashVerifierAbi, resultHashVerifierBytecode } from "../src/generated/result-hash-verifier.ts";
import {
  validatorAnswerVerifierAbi,
  validatorAnswerVerifierBytecode,
} from "../src/generated/validator-answer-verifier.ts";
import { type CourtChain, delivered, DOLLAR, fund, RESULT, startCourtChain, TASK } from "./court-setup.ts";

let chain: CourtChain;
beforeAll(async () => {
  chain = await startCourtChain();
});
afterAll(() => chain[Symbol.asyncDispose]());

const stateOf = async (escrowId: bigint) => (await escrowOf(chain.world.chain, chain.escrow, escrowId))?.state;
const parties = () => Promise.all([chain.world.fundedAccount(500n), chain.world.fundedAccount(0n)]);

it("is released by a stranger once the approval window has passed, and pays the provider its price", async () => {
  const { escrow, token, world } = chain;
  const { provider, requester, escrowId } = await delivered(chain);
  expect(await escrowAmountFor(world.chain, escrow, 100n * DOLLAR)).toBe(102n * DOLLAR);
  await expect(releaseEscrow(world.sender, { escrow, escrowId })).rejects.toMatchObject({
    code: "chain_rejected",
    details: { error: "NotReleasable" },
  });
  await chain.later(86_400);
  await releaseEscrow(world.sender, { escrow, escrowId });
  expect(await escrowOf(world.chain, escrow, escrowId)).toMatchObject({
    state: "released",
    resultHash: RESULT,
    feeBps: 200,
    terms: { requester: requester.address, provider: provider.address, amount: 102n * DOLLAR, verifier: null },
  });
  const before = await tokenBalance(world.chain, token, provider.address);
  await withdrawFromEscrow(world.sender, { escrow, token, owner: provider.address });
  expect(await tokenBalance(world.chain, token, provider.address)).toBe(before + 100n * DOLLAR);
});

it("is refunded after its deadline when nothing was delivered", async () => {
  const { escrow, token, world } = chain;
  const [requester, provider] = await parties();
  const escrowId = await fund(chain, requester.sender, { provider: provider.sender.address });
  await chain.later(86_401);
  await expect(deliverResult(provider.sender, { escrow, escrowId, resultHash: RESULT })).rejects.toMatchObject({
    details: { error: "DeliveryTooLate" },
  });
  await refundEscrow(world.sender, { escrow, escrowId });
  expect(await stateOf(escrowId)).toBe("refunded");
  expect(await escrowBalance(world.chain, escrow, requester.sender.address, token)).toBe(102n * DOLLAR);
  expect(await escrowOf(world.chain, escrow, 999n)).toBeNull();
});

it("is paid in one step by the result its requester expects, and by no other", async () => {
  const { escrow } = chain;
  const [requester, provider] = await parties();
  const address = await chain.deploy(
    encodeDeployData({ abi: resultHashVerifierAbi, bytecode: resultHashVerifierBytecode }),
  );
  const condition = resultHashCondition({ taskHash: TASK, resultHash: RESULT });
  const verifier = { address, condition };
  const escrowId = await fund(chain, requester.sender, { provider: provider.sender.address, verifier });
  const wrong = { escrow, escrowId, resultHash: hashJson("another"), evidence: "0x" } as const;
  await expect(deliverVerified(provider.sender, wrong)).rejects.toMatchObject({ details: { error: "NotVerified" } });
  await deliverVerified(provider.sender, { ...wrong, resultHash: RESULT });
  expect(await stateOf(escrowId)).toBe("released");
});

it("is paid when enough of the named nodes attest the result, in whatever order their signatures come", async () => {
  const { escrow, world } = chain;
  const [requester, provider] = await parties();
  const address = await chain.deploy(
    encodeDeployData({ abi: nodeSignaturesVerifierAbi, bytecode: nodeSignaturesVerifierBytecode }),
  );
  const nodes = [1, 2, 3].map(() => privateKeyToAccount(generatePrivateKey()));
  const condition = nodeSignaturesCondition({ threshold: 2, nodes: nodes.map((node) => node.address) });
  const escrowId = await fund(chain, requester.sender, {
    provider: provider.sender.address,
    verifier: { address, condition },
  });
  await deliverResult(provider.sender, { escrow, escrowId, resultHash: RESULT });
  const domain = { chainId: world.chain.chainId, vault: address };
  const attestation = { escrow, escrowId, taskHash: TASK, resultHash: RESULT };
  const digest = await world.chain.client.readContract({
    address,
    abi: nodeSignaturesVerifierAbi,
    functionName: "attestationDigest",
    args: [escrow, escrowId, TASK, RESULT],
  });
  expect(hashTyped(domain, "Attestation", attestation)).toBe(digest);
  const signatures = await Promise.all(nodes.map((node) => signAttestation(node, domain, attestation)));
  const one = await attestationEvidence(domain, attestation, signatures.slice(0, 1));
  await expect(verifyDelivery(world.sender, { escrow, escrowId, evidence: one })).rejects.toMatchObject({
    details: { error: "NotVerified" },
  });
  const evidence = await attestationEvidence(domain, attestation, [signatures[2]!, signatures[0]!]);
  await verifyDelivery(world.sender, { escrow, escrowId, evidence });
  expect(await stateOf(escrowId)).toBe("released");
});

it("names a validation request as its verifier does", async () => {
  const address = await chain.deploy(
    encodeDeployData({
      abi: validatorAnswerVerifierAbi,
      bytecode: validatorAnswerVerifierBytecode,
      args: [zeroAddress],
    }),
  );
  const { escrow, world } = chain;
  const request = { escrow, escrowId: 7n, taskHash: TASK, resultHash: RESULT, salt: hashJson("salt") };
  const onChain = await world.chain.client.readContract({
    address,
    abi: validatorAnswerVerifierAbi,
    functionName: "requestHashOf",
    args: [escrow, 7n, TASK, RESULT, request.salt],
  });
  expect(validationRequestHash({ chainId: world.chain.chainId, ...request })).toBe(onChain);
});

it("refuses conditions that could never hold", () => {
  const node = privateKeyToAccount(generatePrivateKey()).address;
  const invalid = expect.objectContaining({ code: "invalid_request" });
  expect(() => nodeSignaturesCondition({ threshold: 1, nodes: [node, node] })).toThrow(invalid);
  for (const threshold of [0, 2, 0.5])
    expect(() => nodeSignaturesCondition({ threshold, nodes: [node] })).toThrow(invalid);
  for (const minScore of [0, 101, 1.5])
    expect(() => validatorCondition({ validator: node, minScore })).toThrow(invalid);
});
