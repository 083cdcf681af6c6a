import { type AbiFunction, encodeFunctionData, getAbiItem, type Hex, toFunctionSelector } from "viem";
import type { Address } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { accessManagerAbi } from "../generated/access-manager.ts";
import { type Role, roles } from "./roles.ts";
import { suite } from "./suite/suite.ts";
import type { OwnContract, SuiteContract, World } from "./suite/suite-contract.ts";

/** A call that the manager still needs, and what it does in words. */
export interface RoleCall {
  what: string;
  data: Hex;
}

/** A function that only a role may call. */
export interface Guard {
  contract: SuiteContract;
  functionName: string;
  selector: Hex;
  role: Role;
}

/** Every restricted function of the suite. */
export function guardsOf(): Guard[] {
  return suite.flatMap((contract) =>
    Object.entries(contract.guards).map(([functionName, role]) => {
      const item = getAbiItem({ abi: contract.abi, name: functionName }) as AbiFunction;
      return { contract, functionName, selector: toFunctionSelector(item), role };
    }),
  );
}

/**
 * Compares who may do what with who should, and says what is lacking.
 * @param of the contracts to look at: what governance changed of others is its own decision
 */
export async function missingRoles(chain: Chain, world: World, of: readonly OwnContract[]): Promise<RoleCall[]> {
  const lacking = async <Item>(items: readonly Item[], stands: (item: Item) => Promise<boolean>): Promise<Item[]> => {
    const found = await Promise.all(items.map(stands));
    return items.filter((_, index) => !found[index]);
  };
  const guards = guardsOf().filter(({ contract }) => of.includes(contract.name));
  const grants = grantsOf(world, of);
  const [unset, ungranted] = await Promise.all([
    lacking(guards, (guard) => isSet(chain, world, guard)),
    lacking(grants, ({ role, account }) => hasRole(chain, world.at.manager, role, account)),
  ]);
  return [...unset.map((guard) => guardCall(world, guard)), ...ungranted.map(grantCall)];
}

/** All that a fresh deployment of these contracts needs. */
export function everyRole(world: World, of: readonly OwnContract[]): RoleCall[] {
  const guards = guardsOf().filter(({ contract }) => of.includes(contract.name));
  return [...guards.map((guard) => guardCall(world, guard)), ...grantsOf(world, of).map(grantCall)];
}

/** Whether an account has a role, without a delay of its own. */
export async function hasRole(chain: Chain, manager: Address, role: Role, account: Address): Promise<boolean> {
  const call = { address: manager, abi: accessManagerAbi, functionName: "hasRole" } as const;
  const [isMember, delay] = await readContract(chain, { ...call, args: [roles[role], account] });
  return isMember && delay === 0;
}

interface Grant {
  role: Role;
  account: Address;
  who: string;
}

/** The admin's role comes last: who gives it away gives nothing more. */
function grantsOf({ at, given }: World, of: readonly OwnContract[]): Grant[] {
  const all: Grant[] = suite
    .filter(({ name }) => of.includes(name))
    .flatMap(({ name, holds }) => holds.map((role) => ({ role, account: at[name], who: `the ${name}` })));
  if (of.includes("manager")) {
    all.push({ role: "guardian", account: given.governance.guardian, who: "the guardian" });
  }
  return [...all.filter(({ role }) => role !== "admin"), ...all.filter(({ role }) => role === "admin")];
}

async function isSet(chain: Chain, { at }: World, { contract, selector, role }: Guard): Promise<boolean> {
  const found = await readContract(chain, {
    address: at.manager,
    abi: accessManagerAbi,
    functionName: "getTargetFunctionRole",
    args: [at[contract.name], selector],
  });
  return found === roles[role];
}

function guardCall({ at }: World, { contract, functionName, selector, role }: Guard): RoleCall {
  const args = [at[contract.name], [selector], roles[role]] as const;
  return {
    what: `the ${role} role may call ${contract.name}.${functionName}`,
    data: encodeFunctionData({ abi: accessManagerAbi, functionName: "setTargetFunctionRole", args }),
  };
}

function grantCall({ role, account, who }: Grant): RoleCall {
  return {
    what: `${who} (${account}) gets the ${role} role`,
    data: encodeFunctionData({ abi: accessManagerAbi, functionName: "grantRole", args: [roles[role], account, 0] }),
  };
}
