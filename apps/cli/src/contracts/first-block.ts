import type { AddressBookFile, ContractName } from "@stoa/chain";

/** The block a contract stands in, from which its logs are read; the chain's first where the book does not say. */
export function firstBlock({ contracts }: AddressBookFile, name: ContractName): bigint {
  return BigInt(contracts[name]?.block ?? 0);
}
