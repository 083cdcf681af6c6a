import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { compilerSettings } from "./compiler-settings.ts";

const require = createRequire(import.meta.url);

/** The repository's root: sources are named by their path from it, so the output is the same on every machine. */
export const repositoryRoot = join(import.meta.dirname, "..", "..");

interface SolcDiagnostic {
  severity: "error" | "warning" | "info";
  formattedMessage: string;
  sourceLocation?: { file: string };
}

interface SolcContract {
  abi: readonly unknown[];
  evm: { bytecode: { object: string }; deployedBytecode: { object: string } };
}

interface SolcOutput {
  errors?: SolcDiagnostic[];
  contracts?: Record<string, Record<string, SolcContract>>;
}

export interface CompiledContract {
  abi: readonly unknown[];
  bytecode: `0x${string}`;
  /** Bytes of code on chain; EIP-170 allows 24,576. */
  deployedBytes: number;
}

function readImport(path: string): { contents: string } | { error: string } {
  const file = path.startsWith("@") ? join("node_modules", path) : path;
  try {
    return { contents: readFileSync(join(repositoryRoot, file), "utf8") };
  } catch (cause) {
    return { error: `${file}: ${String(cause)}` };
  }
}

/**
 * Compiles Solidity files, named by their paths from the repository's root, with the pinned WebAssembly compiler.
 * @returns the contract of each file that has the file's name
 * @throws {Error} with the compiler's errors, and its warnings about our own sources
 */
export function compileSources(files: readonly string[]): Map<string, CompiledContract> {
  const solc = require("solc") as { compile(input: string, callbacks: { import: typeof readImport }): string };
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(
      files.map((file) => [file, { content: readFileSync(join(repositoryRoot, file), "utf8") }]),
    ),
    settings: {
      ...compilerSettings,
      outputSelection: { "*": { "*": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"] } },
    },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: readImport })) as SolcOutput;
  const diagnostics = (output.errors ?? []).filter(isOurs);
  if (diagnostics.length > 0) throw new Error(diagnostics.map((item) => item.formattedMessage).join("\n"));
  return new Map(files.map((file) => [file, contractOf(output, file)]));
}

/** An error anywhere, or a warning about our own sources; OpenZeppelin's warnings are not ours to mend. */
function isOurs({ severity, sourceLocation }: SolcDiagnostic): boolean {
  return severity === "error" || (severity === "warning" && !sourceLocation?.file.startsWith("@"));
}

function contractOf(output: SolcOutput, file: string): CompiledContract {
  const name = file.slice(file.lastIndexOf("/") + 1, -".sol".length);
  const contract = output.contracts?.[file]?.[name];
  if (!contract) throw new Error(`${file} has no contract ${name}`);
  return {
    abi: contract.abi,
    bytecode: `0x${contract.evm.bytecode.object}`,
    deployedBytes: contract.evm.deployedBytecode.object.length / 2,
  };
}

/** Reads what a package published of a contract, by the path from the repository's root. */
export function readArtifact(file: string): CompiledContract {
  const artifact = JSON.parse(readFileSync(join(repositoryRoot, file), "utf8")) as {
    abi: readonly unknown[];
    bytecode: `0x${string}`;
    deployedBytecode: `0x${string}`;
  };
  const { abi, bytecode, deployedBytecode } = artifact;
  return { abi, bytecode, deployedBytes: (deployedBytecode.length - 2) / 2 };
}
