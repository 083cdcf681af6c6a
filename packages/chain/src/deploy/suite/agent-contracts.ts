import {
  credentialStatusAbi,
  credentialStatusBytecode,
  credentialStatusRuntime,
} from "../../generated/credential-status.ts";
import { entitlementsAbi, entitlementsBytecode, entitlementsRuntime } from "../../generated/entitlements.ts";
import {
  identityRegistryAbi,
  identityRegistryBytecode,
  identityRegistryRuntime,
} from "../../generated/identity-registry.ts";
import {
  reputationRegistryAbi,
  reputationRegistryBytecode,
  reputationRegistryRuntime,
} from "../../generated/reputation-registry.ts";
import {
  settledFeedbackAbi,
  settledFeedbackBytecode,
  settledFeedbackRuntime,
} from "../../generated/settled-feedback.ts";
import {
  validationRegistryAbi,
  validationRegistryBytecode,
  validationRegistryRuntime,
} from "../../generated/validation-registry.ts";
import { DID_REGISTRY_ADDRESS } from "../deploy-did-registry.ts";
import { contract, type SuiteContract } from "./suite-contract.ts";

/** Seconds a buyer of access has at least to give it back. */
const MIN_REFUND_WINDOW = 3_600n;

/** Who agents are, what is said of them, and access to them. */
export const agentContracts: readonly SuiteContract[] = [
  contract({
    name: "identity",
    abi: identityRegistryAbi,
    bytecode: identityRegistryBytecode,
    runtime: identityRegistryRuntime,
  }),
  contract({
    name: "reputation",
    abi: reputationRegistryAbi,
    bytecode: reputationRegistryBytecode,
    runtime: reputationRegistryRuntime,
    args: ({ at }) => [at.identity] as const,
    fixed: ({ at }) => ({ getIdentityRegistry: at.identity }),
  }),
  contract({
    name: "validation",
    abi: validationRegistryAbi,
    bytecode: validationRegistryBytecode,
    runtime: validationRegistryRuntime,
    args: ({ at }) => [at.identity] as const,
    fixed: ({ at }) => ({ getIdentityRegistry: at.identity }),
  }),
  contract({
    name: "feedback",
    abi: settledFeedbackAbi,
    bytecode: settledFeedbackBytecode,
    runtime: settledFeedbackRuntime,
    args: ({ at }) => [at.vault, at.reputation] as const,
    asksOthers: true,
    fixed: ({ at }) => ({ sources: [at.vault, at.identity, at.reputation] }),
  }),
  contract({
    name: "statuses",
    abi: credentialStatusAbi,
    bytecode: credentialStatusBytecode,
    runtime: credentialStatusRuntime,
    args: () => [DID_REGISTRY_ADDRESS] as const,
    asksOthers: true,
    fixed: () => ({ didRegistry: DID_REGISTRY_ADDRESS }),
  }),
  contract({
    name: "entitlements",
    abi: entitlementsAbi,
    bytecode: entitlementsBytecode,
    runtime: entitlementsRuntime,
    args: ({ at, given: { vault } }) =>
      [at.manager, at.identity, vault.feeBps, vault.feeRecipient, MIN_REFUND_WINDOW] as const,
    guards: {
      pause: "guardian",
      unpause: "parameters",
      setFee: "parameters",
      setFeeRecipient: "parameters",
      setMinimumRefundWindow: "parameters",
    },
    fixed: ({ at }) => ({ authority: at.manager }),
    initial: ({ given: { vault } }) => ({
      paused: false,
      parameters: [vault.feeBps, vault.feeRecipient, MIN_REFUND_WINDOW],
    }),
  }),
];
