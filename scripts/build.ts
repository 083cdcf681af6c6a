// Makes what is not source: `npm run build [-- NAME …]`. The market itself needs no build, Node runs its TypeScript.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const steps: Record<string, { about: string; script: string }> = {
  contracts: { about: "the contracts' ABIs and bytecode for packages/chain", script: "contracts/scripts/compile.ts" },
  agents: { about: "the example agents' artifacts", script: "examples/agents/build.ts" },
  search: { about: "the vectors' kernel for packages/search", script: "packages/search/scripts/compile-dots.ts" },
  web: { about: "the dashboard, into apps/web/dist", script: "apps/web/scripts/build.ts" },
  docs: { about: "the generated pages of docs/", script: "scripts/docs.ts" },
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => steps[name] === undefined);
if (unknown.length > 0) {
  console.error(`no such build: ${unknown.join(", ")}; there are ${Object.keys(steps).join(", ")}`);
  process.exit(2);
}
for (const [name, { about, script }] of Object.entries(steps)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`${name}: ${about}`);
  const startedAt = performance.now();
  const { status } = spawnSync(process.execPath, [join(root, script)], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
  console.log(`${name}: done in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}
