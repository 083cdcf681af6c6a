// Runs what takes longer than a test may: `npm run soak` all of them, `npm run soak NAME [-- …]` one.
//
// A soak is scripts/soak/NAME.ts. It begins with a comment whose first line says what it tries, prints its progress,
// and exits with 1 at the first promise that does not hold. `npm run soak list` lists what there is.
import { spawn } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

const folder = join(import.meta.dirname, "soak");
const soaks = new Map(
  globSync("*.ts", { cwd: folder })
    .toSorted()
    .map((path) => [basename(path, ".ts"), join(folder, path)]),
);
const [name, ...args] = process.argv.slice(2);

if (name !== undefined && !name.startsWith("-") && !soaks.has(name)) {
  if (name !== "list") console.error(`no such soak: ${name}`);
  console.log("npm run soak [NAME]\n");
  for (const [known, path] of soaks) console.log(`  ${known.padEnd(16)} ${aboutOf(path)}`);
  process.exitCode = name === "list" ? 0 : 2;
} else if (name !== undefined && soaks.has(name)) {
  process.exitCode = await run(soaks.get(name)!, args);
} else {
  for (const [each, path] of soaks) {
    console.log(`\n${each}: ${aboutOf(path)}`);
    process.exitCode = await run(path, []);
    if (process.exitCode !== 0) break;
  }
}

function run(path: string, given: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [path, ...given], { cwd: join(folder, "../.."), stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => child.kill(signal));
  return new Promise((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
}

/** The first line of the comment a file begins with. */
function aboutOf(path: string): string {
  return /^\/\/ (?<about>[^\n]+)/.exec(readFileSync(path, "utf8"))?.groups?.["about"]?.trim() ?? "";
}
