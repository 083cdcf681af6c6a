import { awaitTransaction, type ChainSender, deployDidRegistry } from "@stoa/chain";
import type { Address } from "@stoa/protocol";
import type { MarketChain } from "@stoa/testkit";
import { encodeDeployData, type Hex } from "viem";
import { credentialStatusAbi, credentialStatusBytecode } from "../src/generated/credential-status.ts";
import { entitlementsAbi, entitlementsBytecode } from "../src/generated/entitlements.ts";
import { identityRegistryAbi, identityRegistryBytecode } from "../src/generated/identity-registry.ts";
import { reputationRegistryAbi, reputationRegistryBytecode } from "../src/generated/reputation-registry.ts";
import { settledFeedbackAbi, settledFeedbackBytecode } from "../src/generated/settled-feedback.ts";
import { validationRegistryAbi, validationRegistryBytecode } from "../src/generated/validation-registry.ts";

/** Where the contracts around agents stand on a test's chain. */
export interface AgentContracts {
  identity: Address;
  reputation: Address;
  validation: Address;
  feedback: Address;
  sale: Address;
  dids: Address;
  statuses: Address;
}

async function deploy(sender: ChainSender, data: Hex): Promise<Address> {
  const txHash = await sender.send({ doing: "deploying", data });
  return (await awaitTransaction(sender.chain, txHash)).contractAddress as Address;
}

/** Deploys the contracts around agents beside a test's market. */
export async function deployAgents({ sender, market, feeRecipient, operator }: MarketChain): Promise<AgentContracts> {
  const identity = await deploy(
    sender,
    encodeDeployData({ abi: identityRegistryAbi, bytecode: identityRegistryBytecode }),
  );
  const [reputation, validation] = [
    await deploy(
      sender,
      encodeDeployData({ abi: reputationRegistryAbi, bytecode: reputationRegistryBytecode, args: [identity] }),
    ),
    await deploy(
      sender,
      encodeDeployData({ abi: validationRegistryAbi, bytecode: validationRegistryBytecode, args: [identity] }),
    ),
  ];
  const feedback = await deploy(
    sender,
    encodeDeployData({
      abi: settledFeedbackAbi,
      bytecode: settledFeedbackBytecode,
      args: [market.vault, reputation],
    }),
  );
  const sale = await deploy(
    sender,
    encodeDeployData({
      abi: entitlementsAbi,
      bytecode: entitlementsBytecode,
      // Nothing here is governed in these tests, so any account stands for the authority.
      args: [operator.address, identity, 500, feeRecipient, 3_600n],
    }),
  );
  const dids = await deployDidRegistry(sender);
  const statuses = await deploy(
    sender,
    encodeDeployData({ abi: credentialStatusAbi, bytecode: credentialStatusBytecode, args: [dids] }),
  );
  return { identity, reputation, validation, feedback, sale, dids, statuses };
}
