import { StoaError } from "@stoa/protocol";

/** Chains whose money is worth nothing: local ones, and the public test chains the market may be tried on. */
const TEST_CHAINS: ReadonlySet<number> = new Set([
  31_337, // Anvil
  84_532, // Base Sepolia
  11_155_111, // Sepolia
  420_420_417, // Polkadot Hub TestNet
  1_313_161_555, // Aurora testnet
]);

/** Whether the test dollar, and parties without a word said, are good enough for this chain. */
export function isTestChain(chainId: number): boolean {
  return TEST_CHAINS.has(chainId);
}

/**
 * @param what is only done on such chains: "a test dollar is deployed"
 * @throws {StoaError} `invalid_configuration` on a chain whose money is worth something, or may be
 */
export function requireTestChain(chainId: number, what: string, remedy: string): void {
  if (isTestChain(chainId)) return;
  throw new StoaError("invalid_configuration", `${what} on test chains only, and chain ${chainId} is none: ${remedy}`);
}
