/** What the contracts are compiled with, for deployment and for their tests. */
export const compilerSettings = {
  optimizer: { enabled: true, runs: 1_000 },
  evmVersion: "cancun",
  viaIR: false,
  metadata: { bytecodeHash: "none", appendCBOR: false },
} as const;
