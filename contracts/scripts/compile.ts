import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type CompiledContract, compileSources, repositoryRoot } from "./compile-sources.ts";

/** EIP-170. */
const MAX_DEPLOYED_BYTES = 24_576;

const outputs = [
  { source: "contracts/src/Vault.sol", module: "packages/chain/src/generated/vault.ts", name: "vault" },
  {
    source: "contracts/src/RoundAnchors.sol",
    module: "packages/chain/src/generated/round-anchors.ts",
    name: "roundAnchors",
  },
  { source: "contracts/src/Channels.sol", module: "packages/chain/src/generated/channels.ts", name: "channels" },
  {
    source: "contracts/src/SealedAuction.sol",
    module: "packages/chain/src/generated/sealed-auction.ts",
    name: "sealedAuction",
  },
  { source: "contracts/src/TestDollar.sol", module: "packages/chain/src/generated/test-dollar.ts", name: "testDollar" },
  {
    source: "contracts/test/harness/TypedDataHarness.sol",
    module: "packages/chain/tests/generated/typed-data-harness.ts",
    name: "typedDataHarness",
  },
  {
    source: "contracts/test/PlainEscrow.sol",
    module: "packages/chain/tests/generated/plain-escrow.ts",
    name: "plainEscrow",
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

/** Compiles the contracts; writes their modules, or with `--check` only says which of them are out of date. */
function main(check: boolean): number {
  const contracts = compileSources(outputs.map(({ source }) => source));
  let stale = 0;
  for (const { source, module, name } of outputs) {
    const contract = contracts.get(source);
    if (!contract) throw new Error(`${source} was not compiled`);
    if (contract.deployedBytes > MAX_DEPLOYED_BYTES) {
      throw new Error(
        `${source} is ${contract.deployedBytes} bytes deployed, at most ${MAX_DEPLOYED_BYTES} are allowed`,
      );
    }
    const file = join(repositoryRoot, module);
    const text = moduleText(source, name, contract);
    const fresh = currentText(file) === text;
    if (!fresh && check) {
      stale += 1;
      console.error(`${module} does not match ${source}: run node contracts/scripts/compile.ts`);
    } else if (!fresh) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    console.log(
      `${fresh ? "unchanged" : check ? "stale" : "written"}  ${module}  ${contract.deployedBytes} bytes deployed`,
    );
  }
  return stale === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.includes("--check"));
