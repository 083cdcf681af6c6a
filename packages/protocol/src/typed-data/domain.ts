import type { Address } from "../ids.ts";

/** What binds every signature to one market: its chain and its vault; a voucher's to the contract of its channel. */
export interface SigningDomain {
  chainId: number;
  vault: Address;
}

/** The EIP-712 domain of all of Stoa's typed data. */
export function eip712Domain(domain: SigningDomain) {
  return { name: "Stoa", version: "1", chainId: domain.chainId, verifyingContract: domain.vault } as const;
}
