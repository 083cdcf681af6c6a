import { available, checkWorkflow, earmarkPosting, longestSeconds, requireGraph } from "@stoa/core";
import {
  type Address,
  canonicalJson,
  encodeTyped,
  type Hash,
  hashTyped,
  type Json,
  type Manifest,
  requireSigner,
  StoaError,
  workflowLimits,
  workflowNonce,
  type WorkflowSpec,
  type WorkflowStep,
} from "@stoa/protocol";
import { insertWorkflow, type WorkflowRecord } from "@stoa/store";
import type { MarketContext } from "../context.ts";
import { expectSame } from "../tasks/expect-same.ts";
import type { Operation } from "../lane/operation.ts";
import type { SessionGrantInput } from "../tasks/check-order-signature.ts";
import { checkKnownInputs } from "./check-known-inputs.ts";
import { requireRunner } from "./require-runner.ts";
import { claimOf } from "./open-workflow.ts";

export interface SubmitWorkflow {
  spec: WorkflowSpec;
  input: Json;
  /** SHA-256 of the input's canonical JSON. */
  inputHash: Hash;
  salt: Hash;
  /** What the wallet signed for the market's runner: its total is the budget, its nonce commits to all the above. */
  session: SessionGrantInput;
}

export interface SubmittedWorkflow {
  workflowId: Hash;
  /** False when the same grant had opened it before. */
  created: boolean;
}

/**
 * Takes a workflow and sets its whole budget aside. One grant is one workflow's budget, and so its id; it opens one
 * workflow, however often it is sent.
 * @throws {StoaError} `invalid_workflow` naming the place in the specification, `wrong_signature`, `session_key_limit`,
 * `unknown_capability`, `input_mismatch`, `insufficient_funds`
 */
export async function submitWorkflow(context: MarketContext, request: SubmitWorkflow): Promise<SubmittedWorkflow> {
  const { spec, session } = request;
  const { domain } = context.terms;
  const workflowId = hashTyped(domain, "SessionKey", session.key);
  checkGrant(context, request);
  await requireSigner(domain, "SessionKey", session.key, session.signature, session.key.wallet);
  if (await context.reads.isRevoked(session.key.wallet, "session", session.key.nonce))
    throw new StoaError("session_key_limit", "the workflow's grant was revoked on chain");
  const manifests = await manifestsOf(context, spec);
  requirePossible(request, manifests);
  checkTime(context, request);
  await checkKnownInputs(context.reads, spec, request.input);
  return context.lane.run(open(workflowId, request));
}

function checkGrant(context: MarketContext, { spec, inputHash, salt, session: { key } }: SubmitWorkflow): void {
  const { terms } = context;
  const bytes = Buffer.byteLength(canonicalJson(spec));
  if (bytes > workflowLimits.specBytes)
    throw new StoaError("too_large", `the workflow has ${bytes} bytes, at most ${workflowLimits.specBytes} are taken`);
  expectSame("the key of the workflow's grant", key.key, requireRunner(context).address);
  expectSame("the token of the workflow's grant", key.token, terms.token);
  expectSame(
    "the nonce of the workflow's grant",
    key.nonce.toString(),
    workflowNonce({ spec, inputHash, salt }).toString(),
  );
  const dearest = Object.values(spec.steps).reduce((most, { maxPrice }) => larger(most, BigInt(maxPrice)), 0n);
  if (key.maxPerOrder < dearest) {
    throw new StoaError(
      "session_key_limit",
      `the workflow's grant allows ${key.maxPerOrder} an order, its dearest step may cost ${dearest}`,
    );
  }
}

/** The agents that may take each step; every capability has one. */
async function manifestsOf({ reads }: MarketContext, spec: WorkflowSpec): Promise<(step: WorkflowStep) => Manifest[]> {
  const capabilities = [...new Set(Object.values(spec.steps).map(({ capability }) => capability))];
  const offering = new Map(
    await Promise.all(capabilities.map(async (name) => [name, await reads.agentsOf(name)] as const)),
  );
  return ({ capability, agentVersion }) =>
    (offering.get(capability) ?? [])
      .filter(({ versionId }) => agentVersion === undefined || versionId === agentVersion)
      .map(({ manifest }) => manifest);
}

function requirePossible(
  { spec, input, session }: SubmitWorkflow,
  manifestsFor: (step: WorkflowStep) => Manifest[],
): void {
  for (const [name, step] of Object.entries(spec.steps)) {
    if (manifestsFor(step).length === 0)
      throw new StoaError("unknown_capability", `/steps/${name}/capability: no agent offers ${step.capability}`);
  }
  const problems = checkWorkflow(spec, {
    input,
    budget: session.key.maxTotal,
    outputsOf: (step) => manifestsFor(step).map(({ output }) => output),
  });
  const [first] = problems;
  if (first) {
    throw new StoaError("invalid_workflow", `${first.place}: ${first.problem}`, {
      details: { problems: problems.slice(0, 20) },
    });
  }
}

/** Every step's order must settle before the grant expires, also the last one's after every retry. */
function checkTime({ terms, clock }: MarketContext, { spec, session: { key } }: SubmitWorkflow): void {
  for (const [name, { deadlineSeconds }] of Object.entries(spec.steps)) {
    const longest = terms.withdrawDelaySeconds - 2 * terms.challengeWindowSeconds - terms.approvalWindowSeconds;
    if (deadlineSeconds > longest)
      throw new StoaError(
        "invalid_deadline",
        `/steps/${name}/deadlineSeconds: ${deadlineSeconds} s is too long here, expected at most ${Math.max(0, longest)} s`,
      );
  }
  const earliest =
    Math.floor(clock() / 1_000) +
    longestSeconds(spec, requireGraph(spec)) +
    terms.approvalWindowSeconds +
    terms.challengeWindowSeconds;
  if (key.expiresAt < BigInt(earliest)) {
    throw new StoaError(
      "session_key_limit",
      `the workflow's grant expires at ${key.expiresAt}, its steps can take until ${earliest} to be settled`,
    );
  }
}

function open(workflowId: Hash, request: SubmitWorkflow): Operation<SubmittedWorkflow> {
  const { spec, session } = request;
  const requester: Address = session.key.wallet;
  const budget = session.key.maxTotal;
  let isKnown = false;
  return {
    name: "submit-workflow",
    owns: [claimOf(workflowId)],
    async load(tx) {
      isKnown = (await tx.query("select 1 from workflows where id = $1", [workflowId])).length > 0;
    },
    accounts: () => [available(requester)],
    decide(set) {
      if (isKnown) return { workflowId, created: false };
      const earmark = earmarkPosting(workflowId, requester, budget);
      const short = set.book.shortfall(earmark);
      if (short) {
        throw new StoaError(
          "insufficient_funds",
          `the budget is ${budget}, the account has ${short.balance} (smallest units of the token)`,
          { details: { balance: short.balance.toString(), needed: short.needed.toString() } },
        );
      }
      set.post(earmark);
      const steps = Object.keys(spec.steps);
      set.defer((tx) =>
        insertWorkflow(
          tx,
          newWorkflow(workflowId, request, set.now),
          steps.map((step) => ({
            workflowId,
            step,
            state: "waiting",
            attempt: 0,
            taskId: null,
            failure: null,
            updatedAt: set.now,
          })),
        ),
      );
      const data = { workflowId, requester, name: spec.name, steps: steps.length, budget: budget.toString() };
      set.emit({ type: "workflow.opened", audience: requester, data });
      return { workflowId, created: true };
    },
  };
}

function newWorkflow(id: Hash, { spec, inputHash, salt, session }: SubmitWorkflow, now: number): WorkflowRecord {
  return {
    id,
    requester: session.key.wallet,
    spec,
    inputHash,
    salt,
    session: { key: encodeTyped("SessionKey", session.key), signature: session.signature },
    budget: session.key.maxTotal,
    openedAt: now,
    state: "running",
    cancelled: false,
    failure: null,
    due: true,
    version: 1,
    updatedAt: now,
    endedAt: null,
  };
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
