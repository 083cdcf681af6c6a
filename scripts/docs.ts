// Writes the pages of docs/, and the schema editors read, that are generated from the code: `npm run docs`; with --check it only compares.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configurationPage } from "./docs/configuration-page.ts";
import { errorsPage } from "./docs/errors-page.ts";
import { manifestSchemaFile } from "./docs/manifest-schema-file.ts";

const root = join(import.meta.dirname, "..");
const pages: Record<string, () => string> = {
  "docs/configuration.md": configurationPage,
  "docs/errors.md": errorsPage,
  "packages/agent-kit/manifest.schema.json": manifestSchemaFile,
};

for (const [file, render] of Object.entries(pages)) {
  const path = join(root, file);
  const wanted = render();
  if (readIfThere(path) === wanted) continue;
  if (process.argv.includes("--check")) {
    console.log(`${file} does not match the code; run \`npm run docs\` and commit the result`);
    process.exitCode = 1;
  } else {
    writeFileSync(path, wanted);
    console.log(`wrote ${file}`);
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
