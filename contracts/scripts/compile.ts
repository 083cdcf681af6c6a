import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type CompiledContract, compileSources, readArtifact, repositoryRoot } from "./compile-sources.ts";

/** EIP-170. */
const MAX_DEPLOYED_BYTES = 24_576;

const outputs = [
  { source: "contracts/src/Vault.sol", module: "packages/chain/src/generated/vault.ts", name: "vault" },
  {
    source: "contracts/src/RoundAnchors.sol",
    module: "packages/chain/src/generated/round-anchors.ts",
    name: "roundAnchors",
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
    source: "contracts/test/harness/TypedDataHarness.sol",
    module: "packages/chain/tests/generated/typed-data-harness.ts",
    name: "typedDataHarness",
  },
] as const;

/** Contracts of others, as they published them: whoever checks one on a chain compares it with these bytes. */
const published = [
  {
    source: "node_modules/ethr-did-registry/artifacts/contracts/EthereumDIDRegistry.sol/EthereumDIDRegistry.json",
    module: "packages/chain/src/generated/did-registry.ts",
    name: "didRegistry",
  },
] as const;

function moduleText(source: string, name: string, contract: CompiledContract): string {
  return [
    `// Written by contracts/scripts/compile.ts from ${source}.`,
    `export const ${name}Abi = ${JSON.stringify(contract.abi)} as const;`,
    `export const ${name}Bytecode = ${JSON.stringify(contract.bytecode)} as const;`,
    "",
  ].join("\n");
}

function currentText(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Writes a contract's module, or with `check` only says whether it is out of date. */
function put(output: { source: string; module: string; name: string }, contract: CompiledContract, check: boolean) {
  const { source, module, name } = output;
  if (contract.deployedBytes > MAX_DEPLOYED_BYTES) {
    throw new Error(`${source} is ${contract.deployedBytes} bytes deployed, at most ${MAX_DEPLOYED_BYTES} are allowed`);
  }
  const file = join(repositoryRoot, module);
  const text = moduleText(source, name, contract);
  const fresh = currentText(file) === text;
  if (!fresh && check) {
    console.error(`${module} does not match ${source}: run node contracts/scripts/compile.ts`);
  } else if (!fresh) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  console.log(
    `${fresh ? "unchanged" : check ? "stale" : "written"}  ${module}  ${contract.deployedBytes} bytes deployed`,
  );
  return fresh;
}

/** Compiles the contracts; writes their modules, or with `--check` only says which of them are out of date. */
function main(check: boolean): number {
  const contracts = compileSources(outputs.map(({ source }) => source));
  let stale = 0;
  for (const output of outputs) {
    const contract = contracts.get(output.source);
    if (!contract) throw new Error(`${output.source} was not compiled`);
    if (!put(output, contract, check)) stale += 1;
  }
  for (const output of published) {
    if (!put(output, readArtifact(output.source), check)) stale += 1;
  }
  return check && stale > 0 ? 1 : 0;
}

process.exitCode = main(process.argv.includes("--check"));
