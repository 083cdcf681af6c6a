import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { compilerSettings } from "./compiler-settings.ts";

const require = createRequire(import.meta.url);

const OUTPUTS = [
  "abi",
  "evm.bytecode.object",
  "evm.deployedBytecode.object",
  "evm.deployedBytecode.sourceMap",
  "evm.deployedBytecode.immutableReferences",
];

/** The repository's root: sources are named by their path from it, so the output is the same on every machine. */
export const repositoryRoot = join(import.meta.dirname, "..", "..");

interface SolcDiagnostic {
  severity: "error" | "warning" | "info";
  formattedMessage: string;
  sourceLocation?: { file: string };
}

interface SolcContract {
  abi: readonly unknown[];
  evm: { bytecode: { object: string }; deployedBytecode: SolcDeployedBytecode };
}

interface SolcDeployedBytecode {
  object: string;
  sourceMap: string;
  immutableReferences: Record<string, { start: number; length: number }[]>;
}

interface SolcOutput {
  errors?: SolcDiagnostic[];
  contracts?: Record<string, Record<string, SolcContract>>;
}

export interface CompiledContract {
  abi: readonly unknown[];
  bytecode: `0x${string}`;
  /** What stands on chain once it is deployed, with zeros for the immutables. */
  runtime: `0x${string}`;
  /** Bytes of it; EIP-170 allows 24,576. */
  deployedBytes: number;
  /** Instructions at its start; what follows them is data. */
  instructions: number;
  /** Where in it each immutable's places are: offset and length, in order. */
  immutables: readonly (readonly [start: number, length: number])[];
}

function readImport(path: string): { contents: string } | { error: string } {
  try {
    return { contents: readSource(path) };
  } catch (cause) {
    return { error: `${path}: ${String(cause)}` };
  }
}

function readSource(path: string): string {
  return readFileSync(join(repositoryRoot, path.startsWith("@") ? join("node_modules", path) : path), "utf8");
}

/**
 * Compiles Solidity files with the pinned WebAssembly compiler.
 * @param files by their paths from the repository's root, or from `node_modules` when they begin with `@`
 * @returns the contract of each file that has the file's name
 * @throws {Error} with the compiler's errors, and its warnings about our own sources
 */
export function compileSources(files: readonly string[]): Map<string, CompiledContract> {
  const solc = require("solc") as { compile(input: string, callbacks: { import: typeof readImport }): string };
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(files.map((file) => [file, { content: readSource(file) }])),
    settings: { ...compilerSettings, outputSelection: { "*": { "*": OUTPUTS } } },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: readImport })) as SolcOutput;
  const diagnostics = (output.errors ?? []).filter(isOurs);
  if (diagnostics.length > 0) throw new Error(diagnostics.map((item) => item.formattedMessage).join("\n"));
  return new Map(files.map((file) => [file, contractOf(output, file)]));
}

/** Reads a contract that somebody else compiled, by the source's name in a package's build information. */
export function readBuildInfo(file: string, source: string): CompiledContract {
  const { output } = JSON.parse(readFileSync(join(repositoryRoot, file), "utf8")) as { output: SolcOutput };
  return contractOf(output, source);
}

/** An error anywhere, or a warning about our own sources; OpenZeppelin's warnings are not ours to mend. */
function isOurs({ severity, sourceLocation }: SolcDiagnostic): boolean {
  return severity === "error" || (severity === "warning" && !sourceLocation?.file.startsWith("@"));
}

function contractOf(output: SolcOutput, file: string): CompiledContract {
  const name = file.slice(file.lastIndexOf("/") + 1, -".sol".length);
  const contract = output.contracts?.[file]?.[name];
  if (!contract) throw new Error(`${file} has no contract ${name}`);
  const { bytecode, deployedBytecode } = contract.evm;
  return {
    abi: contract.abi,
    bytecode: `0x${bytecode.object}`,
    runtime: `0x${deployedBytecode.object}`,
    deployedBytes: deployedBytecode.object.length / 2,
    // The source map has an entry for each instruction, and none for data.
    instructions: deployedBytecode.sourceMap === "" ? 0 : deployedBytecode.sourceMap.split(";").length,
    immutables: Object.values(deployedBytecode.immutableReferences)
      .flat()
      .map(({ start, length }) => [start, length] as const)
      .sort(([left], [right]) => left - right),
  };
}
