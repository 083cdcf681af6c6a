/** What the deployed bytecode is compiled with; `foundry.toml` names the same for the tests. */
export const compilerSettings = {
  optimizer: { enabled: true, runs: 1_000 },
  evmVersion: "cancun",
  viaIR: false,
  metadata: { bytecodeHash: "none", appendCBOR: false },
} as const;
