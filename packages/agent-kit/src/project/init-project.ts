import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Manifest, parseManifest, StoaError, ZERO_HASH } from "@stoa/protocol";
import { parse } from "yaml";
import { type Template, TEMPLATES, templates } from "./templates.ts";

export interface InitProject {
  /** New or empty. */
  folder: string;
  /** The agent's, in kebab-case. */
  name: string;
  template: Template;
  /** Folder of the package that has the `stoa` command. */
  commandPackage: string;
}

export interface InitedProject {
  capability: string;
  /** What was written, from the folder. */
  files: string[];
}

/** Of every template, before its own. */
const COMMON = "common";
/** Text that the README takes in. */
const ABOUT = "about.md";
const KIT = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Writes an agent's project that builds, passes its tests and can be published as it is.
 * @throws {StoaError} `invalid_request` where the folder holds something already, `invalid_manifest` for a name no
 *   agent may have
 */
export async function initProject({ folder, name, template, commandPackage }: InitProject): Promise<InitedProject> {
  const capability = `text.${name.replaceAll("-", "")}`;
  const words: Record<string, string> = {
    __NAME__: name,
    __CAPABILITY__: capability,
    __ARTIFACT__: templates[template].artifact,
    __KIT__: forward(KIT),
    __COMMAND__: forward(commandPackage),
    __ABOUT__: (await readFile(join(TEMPLATES, template, ABOUT), "utf8")).trim(),
  };
  const files = new Map<string, string>();
  for (const source of [COMMON, template])
    for (const path of await filesOf(join(TEMPLATES, source)))
      if (path !== ABOUT)
        files.set(targetOf(path), fillIn(await readFile(join(TEMPLATES, source, path), "utf8"), words));
  await checkName(name, capability);
  await requireEmpty(folder);
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text, { flag: "wx" });
  }
  return { capability, files: [...files.keys()].sort() };
}

function fillIn(text: string, words: Record<string, string>): string {
  return text.replace(/__[A-Z]+__/g, (word) => words[word] ?? word);
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => forward(join(entry.parentPath, entry.name)).slice(forward(folder).length + 1));
}

/** npm packs no file named .gitignore. */
function targetOf(path: string): string {
  return basename(path) === "gitignore" ? join(dirname(path), ".gitignore") : path;
}

/** The manifest's own rules for a name, before it stands in any file. */
async function checkName(name: string, capability: string): Promise<void> {
  const fields = parse(await readFile(join(TEMPLATES, COMMON, "manifest.yaml"), "utf8")) as Manifest;
  parseManifest({ ...fields, name, capabilities: [capability], artifact: { kind: "js", hash: ZERO_HASH, bytes: 1 } });
}

async function requireEmpty(folder: string): Promise<void> {
  const found = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    if (error.code === "ENOTDIR") return ["a file"];
    throw error;
  });
  if (found.length === 0) return;
  throw new StoaError(
    "invalid_request",
    `${folder} is not empty (${found.slice(0, 3).join(", ")}): nothing was written`,
  );
}

function forward(path: string): string {
  return path.replaceAll("\\", "/").replace(/\/$/, "");
}
