import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A piece of software as its author describes it: a text that nobody here wrote. */
export interface Described {
  name: string;
  description: string;
  keywords: string[];
}

const MODULES = join(import.meta.dirname, "../../../../node_modules");

/** What the packages in `node_modules` say of themselves, by their names. */
export function packageDescriptions(): Described[] {
  const found = new Map<string, Described>();
  for (const path of globSync(["*/package.json", "@*/*/package.json"], { cwd: MODULES }).toSorted()) {
    const { name, description, keywords } = readPackage(join(MODULES, path));
    if (typeof name !== "string" || typeof description !== "string" || description.length < 10) continue;
    const plain = name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .replaceAll(/^[-0-9]+|-+$/g, "");
    const words = Array.isArray(keywords) ? keywords.filter((word) => typeof word === "string") : [];
    if (plain !== "") found.set(plain, { name: plain, description, keywords: words });
  }
  return [...found.values()];
}

function readPackage(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
}
