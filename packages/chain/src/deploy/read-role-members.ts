import type { Address } from "@stoa/protocol";
import { getContractEvents } from "viem/actions";
import type { Chain } from "../client/connect-chain.ts";
import { accessManagerAbi } from "../generated/access-manager.ts";
import { timelockAbi } from "../generated/timelock.ts";
import { readLogs } from "./read-logs.ts";

/** Who has a role, and how long that account must wait between saying and doing. */
export interface RoleMember {
  account: Address;
  delaySeconds: number;
}

interface Where {
  address: Address;
  /** Where to begin to read. */
  from: number;
  to: number;
}

/** Everybody who has a role of the manager, by its number, from all it ever granted and took back. */
export async function readRoleMembers(chain: Chain, { address, from, to }: Where): Promise<Map<bigint, RoleMember[]>> {
  const logs = await readLogs({ from: BigInt(from), to: BigInt(to) }, (range) =>
    getContractEvents(chain.client, { address, abi: accessManagerAbi, strict: true, ...range }),
  );
  const members = new Map<bigint, RoleMember[]>();
  for (const { eventName, args } of logs) {
    if (eventName !== "RoleGranted" && eventName !== "RoleRevoked") continue;
    const { roleId, account } = args;
    const others = (members.get(roleId) ?? []).filter((member) => member.account !== account);
    const granted = eventName === "RoleGranted" ? [{ account, delaySeconds: args.delay }] : [];
    members.set(roleId, [...others, ...granted]);
  }
  return members;
}

/** Everybody who has a role of the timelock, by the role's hash. */
export async function readTimelockMembers(chain: Chain, { address, from, to }: Where): Promise<Map<string, Address[]>> {
  const logs = await readLogs({ from: BigInt(from), to: BigInt(to) }, (range) =>
    getContractEvents(chain.client, { address, abi: timelockAbi, strict: true, ...range }),
  );
  const members = new Map<string, Address[]>();
  for (const { eventName, args } of logs) {
    if (eventName !== "RoleGranted" && eventName !== "RoleRevoked") continue;
    const others = (members.get(args.role) ?? []).filter((account) => account !== args.account);
    members.set(args.role, eventName === "RoleGranted" ? [...others, args.account] : others);
  }
  return members;
}
