import {
  addDidDelegate,
  changeDidOwner,
  DID_REGISTRY_ADDRESS,
  deployDidRegistry,
  didOf,
  resolveDid,
  revokeDidAttribute,
  revokeDidDelegate,
  setDidAttribute,
} from "@stoa/chain";
import type { Address } from "@stoa/protocol";
import { callAnvil, type MarketChain, startMarketChain } from "@stoa/testkit";
import { getContractAddress, keccak256, stringToHex, zeroAddress } from "viem";
import { afterAll, beforeAll, expect, it } from "vitest";
import { didRegistryBytecode } from "../src/generated/did-registry.ts";

const HOUR_MS = 3_600_000;
let world: MarketChain;
const registry = DID_REGISTRY_ADDRESS;

beforeAll(async () => {
  world = await startMarketChain();
  await deployDidRegistry(world.sender);
});
afterAll(() => world[Symbol.asyncDispose]());

async function subject() {
  const { account, sender } = await world.fundedAccount(0n);
  return { identity: account.address, sender, did: didOf(world.chain.chainId, account.address) };
}

const nowMs = async () => Number((await world.chain.client.getBlock()).timestamp) * 1_000;
const resolve = async (did: string, atMs?: number) =>
  resolveDid(world.chain, { registry, did, atMs: atMs ?? (await nowMs()) });
const keyOf = (did: string, part: string, account: Address) => ({
  id: `${did}#${part}`,
  type: "EcdsaSecp256k1RecoveryMethod2020",
  controller: did,
  blockchainAccountId: `eip155:31337:${account}`,
});

it("the registry is the published one, to the byte, at the address its code gives it", async () => {
  const from = "0x4e59b44847b379578588920cA78FbF26c0B4956C";
  const salt = `0x${"00".repeat(32)}` as const;
  expect(getContractAddress({ opcode: "CREATE2", from, salt, bytecode: didRegistryBytecode })).toBe(registry);
  const code = await world.chain.client.getCode({ address: registry });
  expect(didRegistryBytecode).toContain(code?.slice(2));
  expect(await deployDidRegistry(world.sender)).toBe(registry);
  expect(keccak256(code ?? "0x")).toMatch(/^0x13c5fbf7/);
});

it("other code at the registry's address is refused", async () => {
  await using other = await startMarketChain();
  await callAnvil(other.anvil, "anvil_setCode", [registry, "0x6001"]);
  await expect(deployDidRegistry(other.sender)).rejects.toMatchObject({
    code: "invalid_configuration",
    message: expect.stringContaining("other code"),
  });
});

it("an account that never did anything has a DID of its own key", async () => {
  const { identity, did } = await subject();
  expect(await resolve(did)).toMatchObject({
    owner: identity,
    changes: [],
    document: {
      id: did,
      verificationMethod: [keyOf(did, "controller", identity)],
      authentication: [`${did}#controller`],
      assertionMethod: [`${did}#controller`],
    },
  });
});

it("a DID that was given away is its new owner's to speak for and to change", async () => {
  const [first, second] = [await subject(), await subject()];
  const { identity, did } = first;
  await changeDidOwner(first.sender, { registry, identity, owner: second.identity });
  expect(await resolve(did)).toMatchObject({
    owner: second.identity,
    document: { verificationMethod: [keyOf(did, "controller", second.identity)] },
  });
  await expect(changeDidOwner(first.sender, { registry, identity, owner: identity })).rejects.toMatchObject({
    code: "chain_rejected",
    message: expect.stringContaining("bad_actor"),
  });
  await changeDidOwner(second.sender, { registry, identity, owner: zeroAddress });
  expect(await resolve(did)).toMatchObject({ owner: null, document: { verificationMethod: [], assertionMethod: [] } });
});

it("delegates count until they expire or are revoked, and keep their numbers", async () => {
  const { identity, did, sender } = await subject();
  const [expiring, revoked, standing] = [await subject(), await subject(), await subject()];
  const of = { registry, identity };
  await addDidDelegate(sender, { ...of, delegate: expiring.identity, type: "veriKey", seconds: 3_600 });
  await addDidDelegate(sender, { ...of, delegate: revoked.identity, type: "sigAuth", seconds: 7_200 });
  await addDidDelegate(sender, { ...of, delegate: standing.identity, type: "sigAuth", seconds: 7_200 });
  const before = await resolve(did);
  expect(before.document.assertionMethod).toEqual(
    ["controller", "delegate-1", "delegate-2", "delegate-3"].map((part) => `${did}#${part}`),
  );
  expect(before.document.authentication).toEqual(
    ["controller", "delegate-2", "delegate-3"].map((part) => `${did}#${part}`),
  );
  await revokeDidDelegate(sender, { ...of, delegate: revoked.identity, type: "sigAuth" });
  const after = await resolve(did, (await nowMs()) + HOUR_MS);
  expect(after.document.verificationMethod).toEqual([
    keyOf(did, "controller", identity),
    keyOf(did, "delegate-3", standing.identity),
  ]);
  // What no longer counts is told all the same.
  expect(after.changes.map((change) => (change.kind === "delegate" ? change.delegate : null))).toEqual([
    expiring.identity,
    revoked.identity,
    standing.identity,
    revoked.identity,
  ]);
});

it("attributes are services and keys until they expire or are revoked", async () => {
  const { identity, did, sender } = await subject();
  const of = { registry, identity };
  const market = { ...of, name: "did/svc/Market", value: stringToHex("https://market.example") };
  const key = { ...of, name: "did/pub/X25519/enc/hex", value: `0x${"ab".repeat(32)}` } as const;
  await setDidAttribute(sender, { ...market, seconds: 7_200 });
  await setDidAttribute(sender, { ...key, seconds: 3_600 });
  await setDidAttribute(sender, { ...of, name: "note", value: "0x01", seconds: 7_200 });
  expect((await resolve(did)).document).toMatchObject({
    keyAgreement: [`${did}#delegate-1`],
    assertionMethod: [`${did}#controller`],
    service: [{ id: `${did}#service-1`, type: "Market", serviceEndpoint: "https://market.example" }],
  });
  const anHourLater = (await resolve(did, (await nowMs()) + HOUR_MS)).document;
  expect(anHourLater.verificationMethod).toHaveLength(1);
  expect(anHourLater.service).toHaveLength(1);
  await revokeDidAttribute(sender, market);
  expect((await resolve(did)).document.service).toBeUndefined();
  await expect(
    setDidAttribute(sender, { ...of, name: "did/svc/".padEnd(33, "x"), value: "0x", seconds: 1 }),
  ).rejects.toMatchObject({ code: "invalid_request" });
});

it("several changes of one block are read once each and in their order", async () => {
  const { identity, did, sender } = await subject();
  const of = { registry, identity };
  await setDidAttribute(sender, { ...of, name: "did/svc/A", value: stringToHex("first"), seconds: 7_200 });
  await callAnvil(world.anvil, "evm_setAutomine", [false]);
  const waiting = ["B", "C", "D"].map((name) =>
    setDidAttribute(sender, { ...of, name: `did/svc/${name}`, value: stringToHex(name), seconds: 7_200 }),
  );
  await expect.poll(() => world.chain.client.getTransactionCount({ address: identity, blockTag: "pending" })).toBe(4);
  await callAnvil(world.anvil, "evm_mine");
  await callAnvil(world.anvil, "evm_setAutomine", [true]);
  await Promise.all(waiting);
  const { document } = await resolve(did);
  // Two blocks hold four changes; a DID changed in more blocks than one is ready to read is refused.
  const given = { registry, did, atMs: await nowMs() };
  await resolveDid(world.chain, { ...given, maxBlocks: 2 });
  await expect(resolveDid(world.chain, { ...given, maxBlocks: 1 })).rejects.toMatchObject({ code: "invalid_request" });
  expect(document.service?.map(({ type }) => type)).toEqual(["A", "B", "C", "D"]);
});

it("a DID of another chain or of no chain is refused", async () => {
  const { identity } = await subject();
  await expect(resolve(didOf(8453, identity))).rejects.toMatchObject({ code: "invalid_request" });
  for (const did of [`did:ethr:${identity}`, `did:key:z6Mk`, `${didOf(31337, identity)}#controller`, ""]) {
    await expect(resolve(did)).rejects.toMatchObject({ code: "malformed_id" });
  }
});
