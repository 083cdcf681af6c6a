import {
  agentDid,
  agentMetadata,
  awaitTransaction,
  type ChainSender,
  claimAgentVersion,
  deposit,
  giveFeedback,
  giveSettledFeedback,
  readAgent,
  registerAgent,
  reputationSummary,
  requestValidation,
  respondToValidation,
  revokeSettledFeedback,
  setAgentMetadata,
  setAgentUri,
  setAgentWallet,
  signAgentWallet,
  submitSettlements,
  unsetAgentWallet,
  validationStatus,
  validationSummary,
} from "@stoa/chain";
import { hashTyped, hashJson } from "@stoa/protocol";
import { type MarketChain, signEvidence, startMarketChain } from "@stoa/testkit";
import { stringToHex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type AgentContracts, deployAgents } from "./deploy-agents.ts";

const DOLLAR = 1_000_000n;
let world: MarketChain;
let at: AgentContracts;
let creator: Awaited<ReturnType<MarketChain["fundedAccount"]>>;

beforeAll(async () => {
  world = await startMarketChain();
  at = await deployAgents(world);
  creator = await world.fundedAccount(0n);
});
afterAll(() => world[Symbol.asyncDispose]());

async function freshAgent(owner: ChainSender = creator.sender) {
  const { agentId } = await registerAgent(owner, { registry: at.identity, uri: "ipfs://agent" });
  return { registry: at.identity, agentId };
}

const chainSeconds = async () => (await world.chain.client.getBlock()).timestamp;

it("an agent is registered, changed by its owner, and refused to strangers", async () => {
  const { agentId } = await registerAgent(creator.sender, {
    registry: at.identity,
    uri: "ipfs://first",
    metadata: { model: stringToHex("small") },
  });
  const agent = { registry: at.identity, agentId };
  const { address } = creator.account;
  expect(await readAgent(world.chain, agent)).toEqual({ owner: address, wallet: address, uri: "ipfs://first" });
  expect(await agentMetadata(world.chain, { ...agent, key: "model" })).toBe(stringToHex("small"));
  await setAgentUri(creator.sender, { ...agent, uri: "ipfs://second" });
  await setAgentMetadata(creator.sender, { ...agent, key: "model", value: stringToHex("large") });
  expect(await readAgent(world.chain, agent)).toMatchObject({ uri: "ipfs://second" });
  expect(await agentMetadata(world.chain, { ...agent, key: "model" })).toBe(stringToHex("large"));
  await expect(setAgentUri(world.sender, { ...agent, uri: "ipfs://forged" })).rejects.toMatchObject({
    code: "chain_rejected",
    details: { error: "ERC721InsufficientApproval" },
  });
});

it("a wallet becomes an agent's by its own signature only, and its DID the agent's", async () => {
  const agent = await freshAgent();
  const wallet = privateKeyToAccount(generatePrivateKey());
  const deadline = (await chainSeconds()) + 200n;
  const registry = { chainId: world.chain.chainId, address: at.identity };
  const terms = { agentId: agent.agentId, owner: creator.account.address, deadline };
  const signature = await signAgentWallet(wallet, registry, terms);
  const forged = await signAgentWallet(creator.account, registry, terms);
  await expect(
    setAgentWallet(creator.sender, { ...agent, wallet: wallet.address, deadline, signature: forged }),
  ).rejects.toMatchObject({ details: { error: "WalletDidNotSign" } });
  await setAgentWallet(creator.sender, { ...agent, wallet: wallet.address, deadline, signature });
  expect(await readAgent(world.chain, agent)).toMatchObject({ wallet: wallet.address });
  expect(await agentDid(world.chain, agent)).toBe(`did:ethr:0x7a69:${wallet.address}`);
  await unsetAgentWallet(creator.sender, agent);
  expect(await readAgent(world.chain, agent)).toMatchObject({ wallet: null });
  expect(await agentDid(world.chain, agent)).toBe(`did:ethr:0x7a69:${creator.account.address}`);
});

it("a requester rates the agent of its settled order once, and readers tell it from anybody's word", async () => {
  const { chain, market, domain, operator, parameters, sender } = world;
  const requester = await world.fundedAccount(100n);
  await deposit(requester.sender, { ...market, amount: 100n * DOLLAR });
  const terms = {
    domain,
    operator,
    requester: requester.account,
    node: privateKeyToAccount(generatePrivateKey()),
    token: market.token,
    feeBps: parameters.feeBps,
    price: 10n * DOLLAR,
    royalty: DOLLAR,
    creator: creator.account.address,
  };
  const [beside, evidence] = [await signEvidence(terms), await signEvidence(terms)];
  const agent = await freshAgent();
  const version = evidence.bid.agentVersion;
  const elsewhere = await claimAgentVersion(creator.sender, { ...agent, version, label: "1.0.0" });
  const rating = { value: 90, capability: "text.summarize" };
  const { submitted } = await submitSettlements(sender, market.vault, [beside, evidence]);
  expect(new Set(submitted.map(({ txHash }) => txHash)).size).toBe(1);
  const settledBy = submitted[0]!.txHash;
  await awaitTransaction(chain, settledBy);
  const give = (by: ChainSender, tx = settledBy) =>
    giveSettledFeedback(by, {
      feedback: at.feedback,
      agentId: agent.agentId,
      evidence: { ...evidence, settledBy: tx },
      rating,
    });
  await expect(give(requester.sender, elsewhere)).rejects.toMatchObject({ code: "not_found" });
  await expect(give(sender)).rejects.toMatchObject({ details: { error: "OnlyRequester" } });
  await give(requester.sender);
  await expect(give(requester.sender)).rejects.toMatchObject({ details: { error: "AlreadyGiven" } });
  await giveFeedback(sender, { registry: at.reputation, agentId: agent.agentId, feedback: { value: 0n, decimals: 0 } });
  const settled = { registry: at.reputation, agentId: agent.agentId, clients: [at.feedback] };
  expect(await reputationSummary(chain, { ...settled, tag1: "starred", tag2: "text.summarize" })).toEqual({
    count: 1n,
    mean: 90n,
    decimals: 0,
  });
  const everybody = { ...settled, clients: [at.feedback, sender.address] };
  expect(await reputationSummary(chain, everybody)).toMatchObject({ count: 2n, mean: 45n });
  await revokeSettledFeedback(requester.sender, {
    feedback: at.feedback,
    orderHash: hashTyped(domain, "Order", evidence.order),
  });
  expect(await reputationSummary(chain, settled)).toMatchObject({ count: 0n });
});

it("an agent's own feedback on itself is refused", async () => {
  const { agentId } = await freshAgent();
  const feedback = { value: 100n, decimals: 0 };
  await expect(giveFeedback(creator.sender, { registry: at.reputation, agentId, feedback })).rejects.toMatchObject({
    details: { error: "SelfFeedback" },
  });
});

it("a validator answers what it was asked, and nobody else does", async () => {
  const { agentId } = await freshAgent();
  const requestHash = hashJson(`work of ${agentId}`);
  const request = { registry: at.validation, requestHash };
  const validator = world.sender;
  await requestValidation(creator.sender, { ...request, agentId, validator: validator.address, uri: "ipfs://work" });
  await expect(respondToValidation(creator.sender, { ...request, response: 100 })).rejects.toMatchObject({
    details: { error: "OnlyValidator" },
  });
  await respondToValidation(validator, { ...request, response: 80, tag: "hash" });
  expect(await validationStatus(world.chain, request)).toEqual({
    validator: validator.address,
    agentId,
    response: 80,
    responseHash: `0x${"00".repeat(32)}`,
    tag: "hash",
    updatedAt: Number(await chainSeconds()) * 1_000,
  });
  const of = { registry: at.validation, agentId };
  expect(await validationSummary(world.chain, of)).toEqual({ count: 1n, mean: 80 });
  expect(await validationSummary(world.chain, { ...of, validators: [creator.account.address] })).toMatchObject({
    count: 0n,
  });
});
