import {
  addDidDelegate,
  changeDidOwner,
  credentialHash,
  type CredentialTerms,
  didOf,
  issueCredential,
  revokeDidDelegate,
  setCredentialStatus,
  verifyCredential,
} from "@stoa/chain";
import { signingAccount } from "@stoa/protocol";
import { callAnvil, type MarketChain, startMarketChain } from "@stoa/testkit";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createSender } from "@stoa/chain";
import { type AgentContracts, deployAgents } from "./deploy-agents.ts";

const DAY_MS = 86_400_000;
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
let world: MarketChain;
let at: AgentContracts;

beforeAll(async () => {
  world = await startMarketChain();
  at = await deployAgents(world);
});
afterAll(() => world[Symbol.asyncDispose]());

const nowMs = async () => Number((await world.chain.client.getBlock()).timestamp) * 1_000;

async function issuer() {
  const account = signingAccount(generatePrivateKey());
  await callAnvil(world.anvil, "anvil_setBalance", [account.address, "0x56bc75e2d63100000"]);
  const sender = createSender(world.chain, account);
  return { account, sender, did: didOf(world.chain.chainId, account.address) };
}
type Issuer = Awaited<ReturnType<typeof issuer>>;

async function termsOf(did: string, given: Partial<CredentialTerms> = {}): Promise<CredentialTerms> {
  const issuedAtMs = await nowMs();
  return {
    issuer: did,
    subject: didOf(world.chain.chainId, world.operator.address),
    type: "IdentityChecked",
    claims: { country: "CH" },
    issuedAtMs,
    expiresAtMs: issuedAtMs + DAY_MS,
    status: { chainId: world.chain.chainId, contract: at.statuses },
    ...given,
  };
}

const issue = async (by: Issuer, given: Partial<CredentialTerms> = {}) =>
  issueCredential(by.account, await termsOf(by.did, given));
const verify = async (jwt: string, atMs?: number) =>
  verifyCredential(world.chain, jwt, { registry: at.dids, statuses: at.statuses, atMs: atMs ?? (await nowMs()) });
const setState = (by: Issuer, jwt: string, state: "valid" | "suspended" | "revoked", of: Issuer = by) =>
  setCredentialStatus(by.sender, {
    contract: at.statuses,
    issuer: of.account.address,
    hash: credentialHash(jwt),
    state,
  });
const refused = (why: string) => ({ code: "invalid_credential", message: expect.stringContaining(why) });

it("a credential that its issuer signed counts, with what it says of whom", async () => {
  const by = await issuer();
  const jwt = await issue(by);
  expect(await verify(jwt)).toEqual({
    hash: credentialHash(jwt),
    issuer: by.did,
    subject: didOf(world.chain.chainId, world.operator.address),
    types: ["VerifiableCredential", "IdentityChecked"],
    claims: { country: "CH" },
    expiresAtMs: (await nowMs()) + DAY_MS,
  });
});

it("a credential in another's name, or changed afterwards, is refused", async () => {
  const [by, other] = [await issuer(), await issuer()];
  const forged = await issueCredential(other.account, await termsOf(by.did));
  await expect(verify(forged)).rejects.toMatchObject(refused("invalid_signature"));
  const [header, payload = "", signature] = (await issue(by)).split(".");
  const changed = JSON.parse(Buffer.from(payload, "base64url").toString()) as { sub: string };
  changed.sub = other.did;
  const body = Buffer.from(JSON.stringify(changed)).toString("base64url");
  await expect(verify([header, body, signature].join("."))).rejects.toMatchObject(refused("invalid_signature"));
  const unsigned = Buffer.from(JSON.stringify({ alg: "none", typ: "JWT" })).toString("base64url");
  await expect(verify([unsigned, payload, ""].join("."))).rejects.toMatchObject({ code: "invalid_credential" });
  await expect(verify("no credential")).rejects.toMatchObject({ code: "invalid_credential" });
});

it("a credential counts from its beginning to its end, to the second", async () => {
  const by = await issuer();
  const issuedAtMs = await nowMs();
  const jwt = await issue(by, { issuedAtMs, expiresAtMs: issuedAtMs + DAY_MS });
  await expect(verify(jwt, issuedAtMs - 1_000)).rejects.toMatchObject(refused("not valid before"));
  await verify(jwt, issuedAtMs + DAY_MS - 1_000);
  await expect(verify(jwt, issuedAtMs + DAY_MS)).rejects.toMatchObject(refused("expired"));
  await verify(await issue(by, { issuedAtMs, expiresAtMs: null }), issuedAtMs + 10_000 * DAY_MS);
});

it("a suspended credential counts again, and a revoked one never", async () => {
  const by = await issuer();
  const jwt = await issue(by);
  await setState(by, jwt, "suspended");
  await expect(verify(jwt)).rejects.toMatchObject(refused("suspended"));
  await setState(by, jwt, "valid");
  await verify(jwt);
  await setState(by, jwt, "revoked");
  await expect(verify(jwt)).rejects.toMatchObject(refused("revoked"));
  await expect(setState(by, jwt, "valid")).rejects.toMatchObject({ details: { error: "CredentialIsRevoked" } });
});

it("the other form of its signature does not bring a revoked credential back", async () => {
  const by = await issuer();
  const jwt = await issue(by);
  await setState(by, jwt, "revoked");
  const [header, payload, signature = ""] = jwt.split(".");
  const bytes = Buffer.from(signature, "base64url");
  const mirrored = (ORDER - BigInt(`0x${bytes.subarray(32).toString("hex")}`)).toString(16).padStart(64, "0");
  const other = Buffer.concat([bytes.subarray(0, 32), Buffer.from(mirrored, "hex")]).toString("base64url");
  await expect(verify([header, payload, other].join("."))).rejects.toMatchObject(refused("revoked"));
});

it("a delegate signs in the issuer's name while it is one", async () => {
  const [by, clerk] = [await issuer(), await issuer()];
  const delegate = {
    registry: at.dids,
    identity: by.account.address,
    delegate: clerk.account.address,
    type: "veriKey",
  } as const;
  const jwt = await issueCredential(clerk.account, await termsOf(by.did));
  await expect(verify(jwt)).rejects.toMatchObject(refused("invalid_signature"));
  await addDidDelegate(by.sender, { ...delegate, seconds: 7_200 });
  await verify(jwt);
  await revokeDidDelegate(by.sender, delegate);
  await expect(verify(jwt)).rejects.toMatchObject(refused("invalid_signature"));
});

it("a DID's owner now is who issues and revokes, not its owner before", async () => {
  const [by, next] = [await issuer(), await issuer()];
  const before = await issue(by);
  await changeDidOwner(by.sender, {
    registry: at.dids,
    identity: by.account.address,
    owner: next.account.address,
  });
  await expect(verify(before)).rejects.toMatchObject(refused("invalid_signature"));
  const after = await issueCredential(next.account, await termsOf(by.did));
  await verify(after);
  await expect(setState(by, after, "revoked")).rejects.toMatchObject({ details: { error: "NotTheIssuer" } });
  await setState(next, after, "revoked", by);
  await expect(verify(after)).rejects.toMatchObject(refused("revoked"));
});

it("a credential whose status stands elsewhere, or whose issuer is no DID of this chain, cannot be judged", async () => {
  const by = await issuer();
  const elsewhere = await issue(by, { status: { chainId: 8453, contract: at.statuses } });
  await expect(verify(elsewhere)).rejects.toMatchObject(refused("its status stands at eip155:8453"));
  const foreign = await issueCredential(by.account, await termsOf(didOf(8453, by.account.address)));
  await expect(verify(foreign)).rejects.toMatchObject({ code: "invalid_credential" });
});

it("a chain that is away is not taken for a forgery", async () => {
  await using other = await startMarketChain();
  const by = await issuer();
  const jwt = await issue(by);
  await other.anvil.stop();
  const check = { registry: at.dids, statuses: at.statuses, atMs: await nowMs() };
  await expect(verifyCredential(other.chain, jwt, check)).rejects.toMatchObject({ code: "chain_unavailable" });
});

it("a wallet that signs no digests issues no credential", async () => {
  const wallet = privateKeyToAccount(generatePrivateKey());
  const terms = await termsOf(didOf(world.chain.chainId, wallet.address));
  await expect(issueCredential(wallet, terms)).rejects.toMatchObject({ code: "invalid_configuration" });
});
