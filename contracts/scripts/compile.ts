import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type CompiledContract, compileSources, readBuildInfo, repositoryRoot } from "./compile-sources.ts";
import { findRefusedOpcodes } from "./refused-opcodes.ts";

/** EIP-170. */
const MAX_DEPLOYED_BYTES = 24_576;

const outputs = [
  { source: "contracts/src/Vault.sol", module: "packages/chain/src/generated/vault.ts", name: "vault" },
  { source: "contracts/src/Nodes.sol", module: "packages/chain/src/generated/nodes.ts", name: "nodes" },
  {
    source: "contracts/src/ClaimBatches.sol",
    module: "packages/chain/src/generated/claim-batches.ts",
    name: "claimBatches",
  },
  { source: "contracts/src/vault/Evidence.sol", module: "packages/chain/src/generated/evidence.ts", name: "evidence" },
  {
    source: "contracts/src/RoundAnchors.sol",
    module: "packages/chain/src/generated/round-anchors.ts",
    name: "roundAnchors",
  },
  { source: "contracts/src/StoaToken.sol", module: "packages/chain/src/generated/stoa-token.ts", name: "stoaToken" },
  {
    source: "contracts/src/governance/Emission.sol",
    module: "packages/chain/src/generated/emission.ts",
    name: "emission",
  },
  {
    source: "@openzeppelin/contracts/access/manager/AccessManager.sol",
    module: "packages/chain/src/generated/access-manager.ts",
    name: "accessManager",
  },
  {
    source: "@openzeppelin/contracts/governance/TimelockController.sol",
    module: "packages/chain/src/generated/timelock.ts",
    name: "timelock",
  },
  { source: "contracts/src/Escrow.sol", module: "packages/chain/src/generated/escrow.ts", name: "escrow" },
  { source: "contracts/src/Court.sol", module: "packages/chain/src/generated/court.ts", name: "court" },
  {
    source: "contracts/src/verifiers/ResultHashVerifier.sol",
    module: "packages/chain/src/generated/result-hash-verifier.ts",
    name: "resultHashVerifier",
  },
  {
    source: "contracts/src/verifiers/NodeSignaturesVerifier.sol",
    module: "packages/chain/src/generated/node-signatures-verifier.ts",
    name: "nodeSignaturesVerifier",
  },
  {
    source: "contracts/src/verifiers/ValidatorAnswerVerifier.sol",
    module: "packages/chain/src/generated/validator-answer-verifier.ts",
    name: "validatorAnswerVerifier",
  },
  { source: "contracts/src/Channels.sol", module: "packages/chain/src/generated/channels.ts", name: "channels" },
  {
    source: "contracts/src/SealedAuction.sol",
    module: "packages/chain/src/generated/sealed-auction.ts",
    name: "sealedAuction",
  },
  { source: "contracts/src/TestDollar.sol", module: "packages/chain/src/generated/test-dollar.ts", name: "testDollar" },
  {
    source: "contracts/src/agents/IdentityRegistry.sol",
    module: "packages/chain/src/generated/identity-registry.ts",
    name: "identityRegistry",
  },
  {
    source: "contracts/src/agents/ReputationRegistry.sol",
    module: "packages/chain/src/generated/reputation-registry.ts",
    name: "reputationRegistry",
  },
  {
    source: "contracts/src/agents/ValidationRegistry.sol",
    module: "packages/chain/src/generated/validation-registry.ts",
    name: "validationRegistry",
  },
  {
    source: "contracts/src/agents/SettledFeedback.sol",
    module: "packages/chain/src/generated/settled-feedback.ts",
    name: "settledFeedback",
  },
  {
    source: "contracts/src/agents/CredentialStatus.sol",
    module: "packages/chain/src/generated/credential-status.ts",
    name: "credentialStatus",
  },
  {
    source: "contracts/src/Entitlements.sol",
    module: "packages/chain/src/generated/entitlements.ts",
    name: "entitlements",
  },
  {
    source: "contracts/src/OperatorBonds.sol",
    module: "packages/chain/src/generated/operator-bonds.ts",
    name: "operatorBonds",
  },
  { source: "contracts/src/Deposits.sol", module: "packages/chain/src/generated/deposits.ts", name: "deposits" },
  {
    source: "contracts/src/WrappedNative.sol",
    module: "packages/chain/src/generated/wrapped-native.ts",
    name: "wrappedNative",
  },
  {
    source: "contracts/src/accounts/WalletDelegate.sol",
    module: "packages/chain/src/generated/wallet-delegate.ts",
    name: "walletDelegate",
  },
  {
    source: "contracts/src/accounts/AccountFactory.sol",
    module: "packages/chain/src/generated/account-factory.ts",
    name: "accountFactory",
  },
  {
    source: "contracts/src/accounts/SponsorPaymaster.sol",
    module: "packages/chain/src/generated/sponsor-paymaster.ts",
    name: "sponsorPaymaster",
  },
  {
    source: "contracts/test/harness/TypedDataHarness.sol",
    module: "packages/chain/tests/generated/typed-data-harness.ts",
    name: "typedDataHarness",
  },
  {
    source: "contracts/test/harness/RuledStakesHarness.sol",
    module: "packages/chain/tests/generated/ruled-stakes-harness.ts",
    name: "ruledStakesHarness",
  },
  {
    source: "contracts/test/PlainEscrow.sol",
    module: "packages/chain/tests/generated/plain-escrow.ts",
    name: "plainEscrow",
  },
] as const;

/** A contract of others, as they published it: whoever checks one on a chain compares it with these bytes. */
const didRegistry = {
  buildInfo: "node_modules/ethr-did-registry/artifacts/build-info/1eff9212e6e7cca9b86956a3061747a3.json",
  source: "contracts/EthereumDIDRegistry.sol",
  module: "packages/chain/src/generated/did-registry.ts",
  name: "didRegistry",
} as const;

/**
 * Another: it stands at one address on every chain, since the factory puts these very bytes there. Its ABI is viem's, and
 * its own authors answer for its opcodes. It is under the GPL-3.0; its sources are in the package.
 */
const entryPoint = {
  artifact: "node_modules/@account-abstraction/contracts/artifacts/EntryPoint.json",
  module: "packages/chain/src/generated/entry-point.ts",
} as const;

interface GeneratedModule {
  source: string;
  module: string;
  text: string;
  size: string;
}

function entryPointText(): string {
  const { bytecode } = JSON.parse(readFileSync(join(repositoryRoot, entryPoint.artifact), "utf8")) as {
    bytecode: string;
  };
  return [
    `// Written by contracts/scripts/compile.ts from ${entryPoint.artifact} (GPL-3.0).`,
    `export const entryPointBytecode = ${JSON.stringify(bytecode)} as const;`,
    "",
  ].join("\n");
}

function moduleText(source: string, name: string, contract: CompiledContract): string {
  return [
    `// Written by contracts/scripts/compile.ts from ${source}.`,
    `export const ${name}Abi = ${JSON.stringify(contract.abi)} as const;`,
    `export const ${name}Bytecode = ${JSON.stringify(contract.bytecode)} as const;`,
    `export const ${name}Runtime = ${JSON.stringify(runtimeOf(contract))} as const;`,
    "",
  ].join("\n");
}

/** Where in the bytecode the deployed code stands, and where in that the immutables are. */
function runtimeOf({ bytecode, runtime, immutables }: CompiledContract) {
  return { start: bytecode.indexOf(runtime.slice(2)) / 2 - 1, length: runtime.length / 2 - 1, immutables };
}

/** Every source of ours, and what is deployed of others'. */
function sourcesToCompile(): string[] {
  const own = globSync("contracts/src/**/*.sol", { cwd: repositoryRoot }).map((path) => path.replaceAll("\\", "/"));
  return [...new Set([...own.sort(), ...outputs.map(({ source }) => source)])];
}

/** @throws {Error} when a contract is too long for a chain, or has an opcode that some chain does not execute */
function requireDeployable(contracts: ReadonlyMap<string, CompiledContract>): void {
  const problems = [...contracts].flatMap(([source, contract]) => [
    ...(contract.deployedBytes > MAX_DEPLOYED_BYTES
      ? [`${source} is ${contract.deployedBytes} bytes deployed, at most ${MAX_DEPLOYED_BYTES} are allowed`]
      : []),
    ...findRefusedOpcodes(source, contract),
  ]);
  if (problems.length > 0) throw new Error(problems.join("\n"));
}

function currentText(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Compiles the contracts; writes their modules, or with `--check` only says which of them are out of date. */
function main(check: boolean): number {
  const contracts = compileSources(sourcesToCompile());
  contracts.set(didRegistry.source, readBuildInfo(didRegistry.buildInfo, didRegistry.source));
  requireDeployable(contracts);
  const modules: GeneratedModule[] = [...outputs, didRegistry].map(({ source, module, name }) => {
    const contract = contracts.get(source);
    if (!contract) throw new Error(`${source} was not compiled`);
    const text = moduleText(source, name, contract);
    return { source, module, text, size: `${contract.deployedBytes} bytes deployed` };
  });
  modules.push({
    source: entryPoint.artifact,
    module: entryPoint.module,
    text: entryPointText(),
    size: "as published",
  });
  let stale = 0;
  for (const { source, module, text, size } of modules) {
    const file = join(repositoryRoot, module);
    const fresh = currentText(file) === text;
    if (!fresh && check) {
      stale += 1;
      console.error(`${module} does not match ${source}: run node contracts/scripts/compile.ts`);
    } else if (!fresh) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    console.log(`${fresh ? "unchanged" : check ? "stale" : "written"}  ${module}  ${size}`);
  }
  return stale === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.includes("--check"));
