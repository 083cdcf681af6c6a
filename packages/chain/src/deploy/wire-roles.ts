import { encodeFunctionData, type Hex, zeroHash } from "viem";
import { type Address, type Hash, StoaError } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { readContract } from "../client/read-contract.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { accessManagerAbi } from "../generated/access-manager.ts";
import { timelockAbi } from "../generated/timelock.ts";
import { findTransaction } from "./find-transaction.ts";
import { hasRole, missingRoles, type RoleCall } from "./missing-roles.ts";
import { roles } from "./roles.ts";
import type { OwnContract, World } from "./suite/suite-contract.ts";

const DOING = "setting the roles";

/** What is written down of the transaction that sets the roles. */
export interface RolesRecord {
  /** Of one that a crash left on its way. */
  txHash: Hash | null;
  record(txHash: Hash): Promise<void>;
}

/**
 * Gives new contracts their roles. The deployer does so once, in the transaction in which it hands the manager to the
 * timelock and keeps nothing; afterwards that is governance's to do, and without a delay its wallet does it here.
 * @throws {StoaError} `invalid_configuration` when another wallet began the deployment; `chain_rejected` with the call
 * to propose in `details` when governance must decide
 */
export async function wireRoles(
  sender: ChainSender,
  world: World,
  of: readonly OwnContract[],
  { txHash, record }: RolesRecord,
): Promise<void> {
  const { chain } = sender;
  const { manager, timelock } = world.at;
  if (txHash !== null) await findTransaction(chain, txHash, DOING);
  const calls = await missingRoles(chain, world, of);
  if (await hasRole(chain, manager, "admin", sender.address)) {
    const data = [...calls.map((call) => call.data), renounce(sender)];
    await sendAndWait(sender, { doing: DOING, to: manager, data: multicall(data), onSigned: record });
    return;
  }
  if (calls.length === 0) return;
  await requireAdmin(sender, manager, timelock);
  await propose(sender, world, calls, record);
}

/**
 * Refuses a wallet that could never finish: the manager is neither its own nor handed over.
 * @param timelock absent when it does not stand yet
 * @throws {StoaError} `invalid_configuration`
 */
export async function requireAdmin(sender: ChainSender, manager: Address, timelock?: Address): Promise<void> {
  const admins = [sender.address, ...(timelock === undefined ? [] : [timelock])];
  const found = await Promise.all(admins.map((account) => hasRole(sender.chain, manager, "admin", account)));
  if (found.includes(true)) return;
  throw new StoaError(
    "invalid_configuration",
    `${sender.address} did not begin this deployment: whoever deployed the manager at ${manager} must finish it`,
  );
}

/** The calls as one, which the manager makes in its caller's name. */
export function multicall(calls: readonly Hex[]): Hex {
  return encodeFunctionData({ abi: accessManagerAbi, functionName: "multicall", args: [calls] });
}

function renounce({ address }: ChainSender): Hex {
  return encodeFunctionData({ abi: accessManagerAbi, functionName: "renounceRole", args: [roles.admin, address] });
}

async function propose(
  sender: ChainSender,
  world: World,
  calls: readonly RoleCall[],
  record: RolesRecord["record"],
): Promise<void> {
  const { manager, timelock } = world.at;
  const data = multicall(calls.map((call) => call.data));
  const operation = [manager, 0n, data, zeroHash, zeroHash] as const;
  const { delaySeconds, isProposer, isProposed } = await readTimelock(sender, world, operation);
  const args = [...operation, BigInt(delaySeconds)] as const;
  const schedule = encodeFunctionData({ abi: timelockAbi, functionName: "schedule", args });
  const execute = encodeFunctionData({ abi: timelockAbi, functionName: "execute", args: operation });
  if (delaySeconds > 0 || !isProposer) {
    throw new StoaError(
      "chain_rejected",
      `governance must set the roles of the new contracts: propose to the timelock at ${timelock}, and execute it ${delaySeconds} s later`,
      { details: { timelock, schedule, execute, what: calls.map(({ what }) => what) } },
    );
  }
  const proposing = { doing: "proposing the roles", to: timelock, data: schedule, onSigned: record };
  if (!isProposed) await sendAndWait(sender, proposing);
  await sendAndWait(sender, { doing: DOING, to: timelock, data: execute, onSigned: record });
}

type Operation = readonly [target: Address, value: bigint, data: Hex, predecessor: Hex, salt: Hex];

async function readTimelock({ chain, address }: ChainSender, { at }: World, operation: Operation) {
  const call = { address: at.timelock, abi: timelockAbi } as const;
  const [delay, role, id] = await Promise.all([
    readContract(chain, { ...call, functionName: "getMinDelay", args: [] }),
    readContract(chain, { ...call, functionName: "PROPOSER_ROLE", args: [] }),
    readContract(chain, { ...call, functionName: "hashOperation", args: operation }),
  ]);
  const [isProposer, isProposed] = await Promise.all([
    readContract(chain, { ...call, functionName: "hasRole", args: [role, address] }),
    readContract(chain, { ...call, functionName: "isOperationPending", args: [id] }),
  ]);
  return { delaySeconds: Number(delay), isProposer, isProposed };
}
