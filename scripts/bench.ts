// Runs a bench: `npm run bench NAME [-- --json …]`; without a name lists what there is.
//
// A bench is bench/NAME/main.ts. It begins with a comment whose first line says what it measures, and prints its
// figures through bench/report.ts.
import { spawn } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const root = join(import.meta.dirname, "..");
const benches = new Map(
  globSync("bench/*/main.ts", { cwd: root }).map((path) => [basename(dirname(path)), join(root, path)]),
);
const [name, ...args] = process.argv.slice(2);
const file = benches.get(name ?? "");

if (name === undefined || file === undefined) {
  if (name !== undefined) console.error(`no such bench: ${name}`);
  console.log("npm run bench NAME [-- --json]\n");
  for (const [known, path] of [...benches].toSorted(([a], [b]) => a.localeCompare(b)))
    console.log(`  ${known.padEnd(16)} ${aboutOf(path)}`);
  process.exitCode = name === undefined ? 0 : 2;
} else {
  const child = spawn(process.execPath, [file, ...args], { cwd: root, stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => child.kill(signal));
  child.once("exit", (code) => {
    process.exitCode = code ?? 1;
  });
}

/** The first line of the comment a file begins with. */
function aboutOf(path: string): string {
  const source = readFileSync(path, "utf8");
  return /^(?:\/\*\*?\s*(?:\n \* )?|\/\/ )(?<about>[^\n*]+)/.exec(source)?.groups?.["about"]?.trim() ?? "";
}
