import { encodeDeployData, getContractAddress } from "viem";
import { type Address, StoaError } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import type { BookEntry } from "./address-book.ts";
import { findTransaction } from "./find-transaction.ts";
import type { SuiteContract, World } from "./suite/suite-contract.ts";

/**
 * Deploys a contract, or finds the deployment that a crash cut off.
 * @param before what the book says of it
 * @param record writes it down: before the chain can know of the contract, and again once it stands in a block
 */
export async function deployContract(
  sender: ChainSender,
  { contract, world }: { contract: SuiteContract; world: World },
  before: BookEntry | undefined,
  record: (entry: BookEntry) => Promise<void>,
): Promise<BookEntry> {
  const { chain } = sender;
  if (contract.madeBy) return before ?? stands(record, madeEntry(madeAddress(contract.madeBy, world)));
  const doing = `deploying the ${contract.name}`;
  if (before && (before.block !== null || before.txHash === null)) return before;
  if (before?.txHash) {
    const block = await findTransaction(chain, before.txHash, doing);
    if (block !== null) return stands(record, { ...before, block });
  }
  let entry: BookEntry | undefined;
  const txHash = await sender.send({
    doing,
    data: deployData(contract, world),
    async onSigned(hash, nonce) {
      const address = getContractAddress({ from: sender.address, nonce: BigInt(nonce) });
      entry = { address, txHash: hash, block: null, isWired: false };
      await record(entry);
    },
  });
  const receipt = await sender.wait(txHash, { doing });
  if (!entry || receipt.contractAddress?.toLowerCase() !== entry.address.toLowerCase()) {
    throw new StoaError("internal", `${doing}: the chain put it at ${receipt.contractAddress}, not ${entry?.address}`);
  }
  return stands(record, { ...entry, block: Number(receipt.blockNumber) });
}

function madeEntry(address: Address): BookEntry {
  return { address, txHash: null, block: null, isWired: false };
}

/** Where a contract puts what its constructor makes. */
export function madeAddress({ contract, nth }: NonNullable<SuiteContract["madeBy"]>, { at }: World): Address {
  return getContractAddress({ from: at[contract], nonce: BigInt(nth) });
}

/** A contract's creation code and its arguments. */
export function deployData({ abi, bytecode, args }: SuiteContract, world: World) {
  return encodeDeployData({ abi, bytecode, args: args(world) });
}

async function stands(record: (entry: BookEntry) => Promise<void>, entry: BookEntry): Promise<BookEntry> {
  await record(entry);
  return entry;
}
