import { randomBytes } from "node:crypto";
import type { MarketTerms } from "@stoa/market";
import {
  type Address,
  type Hash,
  hashJson,
  type Json,
  type SessionKey,
  signTyped,
  workflowNonce,
  type WorkflowSpec,
  type WorkflowStep,
} from "@stoa/protocol";
import type { LocalAccount } from "viem/accounts";

/** What a workflow of a test is made of. */
export interface WorkflowPlan {
  policy?: WorkflowSpec["policy"];
  accept?: WorkflowSpec["accept"];
  /** Steps with what they differ in from a plain one, which costs at most 100,000 and takes no input of others. */
  steps: Record<string, Partial<WorkflowStep>>;
  output?: Json;
  input?: Json;
  budget?: bigint;
  grant?: Partial<SessionKey>;
  /** Signs instead of the requester. */
  signer?: LocalAccount;
}

interface WorkflowPlace {
  terms: MarketTerms;
  runner: Address;
  capability: string;
  /** Epoch milliseconds. */
  now: number;
}

/** A workflow with its wallet's grant, ready to submit. */
export async function signWorkflow(requester: LocalAccount, plan: WorkflowPlan, place: WorkflowPlace) {
  const { terms, runner, capability, now } = place;
  const spec: WorkflowSpec = {
    name: "a workflow",
    policy: plan.policy ?? "all-or-nothing",
    ...(plan.accept ? { accept: plan.accept } : {}),
    steps: Object.fromEntries(
      Object.entries(plan.steps).map(([name, step]) => [
        name,
        { capability, maxPrice: "100000", deadlineSeconds: 600, input: { text: name }, ...step },
      ]),
    ),
    ...(plan.output === undefined ? {} : { output: plan.output }),
  };
  const input = plan.input ?? {};
  const inputHash = hashJson(input);
  const salt: Hash = `0x${randomBytes(32).toString("hex")}`;
  const key: SessionKey = {
    wallet: requester.address,
    key: runner,
    token: terms.token,
    maxPerOrder: 100_000n,
    maxTotal: plan.budget ?? 300_000n,
    expiresAt: BigInt(Math.floor(now / 1_000) + 86_400),
    nonce: workflowNonce({ spec, inputHash, salt }),
    ...plan.grant,
  };
  const signature = await signTyped(plan.signer ?? requester, terms.domain, "SessionKey", key);
  return { spec, input, inputHash, salt, session: { key, signature } };
}
