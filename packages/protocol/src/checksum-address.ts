import { getAddress } from "viem";
import type { Address } from "./ids.ts";

/** Addresses kept with their checksums: those of a busy market's requesters, nodes and creators. */
const KEPT = 10_000;
const known = new Map<string, Address>();

/**
 * An address in its checksummed form, as everything inside the market has it.
 * @throws {Error} when it is no address
 */
export function checksumAddress(address: string): Address {
  const kept = known.get(address);
  if (kept) return kept;
  const checksummed = getAddress(address);
  if (known.size >= KEPT) known.clear();
  known.set(address, checksummed);
  return checksummed;
}
