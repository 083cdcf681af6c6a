import fc from "fast-check";
import { encodeDeployData, type Hex } from "viem";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  type Anvil,
  awaitTransaction,
  type Chain,
  connectChain,
  createSender,
  localAccount,
  startAnvil,
} from "@stoa/chain";
import { buildSheet } from "@stoa/core";
import { type Address, type Hash, hashTyped, type SigningDomain, typedDataTypes } from "@stoa/protocol";
import { typedDataHarnessAbi, typedDataHarnessBytecode } from "./generated/typed-data-harness.ts";

let anvil: Anvil;
let chain: Chain;
let domain: SigningDomain;

beforeAll(async () => {
  anvil = await startAnvil();
  chain = await connectChain({ rpcUrl: anvil.rpcUrl });
  const data = encodeDeployData({ abi: typedDataHarnessAbi, bytecode: typedDataHarnessBytecode });
  const txHash = await createSender(chain, localAccount(0)).send({ doing: "deploying the harness", data });
  const { contractAddress } = await awaitTransaction(chain, txHash);
  domain = { chainId: chain.chainId, vault: contractAddress as Address };
});
afterAll(() => anvil.stop());

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((given): Hex => `0x${Buffer.from(given).toString("hex")}`);

function valueOf(type: string): fc.Arbitrary<unknown> {
  if (type === "address") return hex(20);
  if (type === "bytes32") return hex(32);
  const bits = Number(type.slice("uint".length));
  return bits <= 32 ? fc.nat({ max: 2 ** bits - 1 }) : fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n });
}

/** The messages the vault and its contract of stakes read, and the harness function that hashes each. */
const messages = {
  Order: "order",
  SessionKey: "sessionKey",
  BidSheet: "bidSheet",
  Award: "award",
  Receipt: "receipt",
  Acceptance: "acceptance",
  NodeConsent: "nodeConsent",
} as const;

function onChain(functionName: string, args: readonly unknown[]): Promise<Hash> {
  return chain.client.readContract({
    address: domain.vault,
    abi: typedDataHarnessAbi,
    functionName: functionName as "order",
    args: args as never,
  });
}

it.each(Object.entries(messages))("the vault hashes every %s as its signer does", async (name, functionName) => {
  const type = name as keyof typeof messages;
  const fields = typedDataTypes[type];
  const message = fc.record(Object.fromEntries(fields.map((field) => [field.name, valueOf(field.type)])));
  const isTuple = type !== "Receipt" && type !== "Acceptance" && type !== "NodeConsent";
  await fc.assert(
    fc.asyncProperty(message, async (given) => {
      const args = isTuple ? [given] : fields.map((field) => given[field.name]);
      expect(await onChain(functionName, args)).toBe(hashTyped(domain, type, given as never));
    }),
    { numRuns: 25 },
  );
});

it("the vault finds a bid's leaf where the node's sheet has it", async () => {
  const answer = fc.record({
    orderHash: hex(32),
    agentVersion: hex(32),
    ask: fc.bigInt({ min: 0n, max: 10n ** 18n }),
    promisedSeconds: fc.nat({ max: 2 ** 32 - 1 }),
  });
  await fc.assert(
    fc.asyncProperty(answer, async ({ orderHash, agentVersion, ask, promisedSeconds }) => {
      // The root of a tree of one leaf is that leaf.
      const { root } = buildSheet([{ orderHash, agentVersion, ask: String(ask), promisedSeconds, reason: 0 }]);
      expect(await onChain("bidLeaf", [orderHash, agentVersion, ask, promisedSeconds])).toBe(root);
    }),
    { numRuns: 25 },
  );
});
