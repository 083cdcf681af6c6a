import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageDescriptions, type PlannedAgent } from "@stoa/testkit";

const MODULES = join(import.meta.dirname, "../../node_modules");
/** Characters of a paragraph that says something, and does not go on for pages. */
const [SHORTEST, LONGEST] = [80, 700];

/**
 * Agents with texts nobody here wrote: names and short descriptions from Debian's packages, where apt knows them, and
 * from npm's; a paragraph of a package's manual with each.
 */
export function agentsOf(count: number): PlannedAgent[] {
  const both = [...debianPackages(), ...packageDescriptions()];
  const described = [...new Map(both.map((each) => [each.name, each])).values()];
  const paragraphs = manualParagraphs();
  return Array.from({ length: count }, (_, at) => {
    const { name, description, keywords } = described[at % described.length]!;
    const round = Math.floor(at / described.length);
    const category = (keywords[0] ?? "").toLowerCase().replaceAll(/[^a-z]/g, "") || "misc";
    return {
      name: round === 0 ? name : `${name}-again-${round}`,
      description: `${description}. ${paragraphs[(at * 7_919) % paragraphs.length]}`,
      capabilities: [`${category}.n${at % 97}`],
      kind: at % 3 === 0 ? "wasm" : "js",
      royalty: BigInt(at % 1_000),
    };
  });
}

function debianPackages(): { name: string; description: string; keywords: string[] }[] {
  const { stdout } = spawnSync("apt-cache", ["dumpavail"], { encoding: "utf8", maxBuffer: 1 << 30 });
  const found = new Map<string, { name: string; description: string; keywords: string[] }>();
  for (const entry of (stdout ?? "").split("\n\n")) {
    const field = (name: string) => new RegExp(`^${name}: (.+)$`, "m").exec(entry)?.[1];
    const name = field("Package")
      ?.replaceAll(/[^a-z0-9]+/g, "-")
      .replaceAll(/^[-0-9]+|-+$/g, "");
    const description = field("Description");
    if (name && description) found.set(name, { name, description, keywords: [field("Section") ?? ""] });
  }
  return [...found.values()];
}

function manualParagraphs(): string[] {
  const paths = globSync(["*/README.md", "@*/*/README.md"], { cwd: MODULES }).toSorted();
  const texts = paths.flatMap((path) => readFileSync(join(MODULES, path), "utf8").split(/\n\s*\n/));
  return [...new Set(texts.filter(({ length }) => length >= SHORTEST && length <= LONGEST))];
}

/** Queries of one to five words of some agent's description, every fourth word with a letter left out. */
export function queriesOf(agents: readonly PlannedAgent[], count: number, random: () => number): string[] {
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)]!;
  return Array.from({ length: count }, () => {
    const words = pick(agents)
      .description.toLowerCase()
      .match(/[a-z]{3,}/g) ?? ["tool"];
    return Array.from({ length: 1 + Math.floor(random() * 5) }, () => {
      const word = pick(words);
      if (word.length < 5 || random() >= 0.25) return word;
      const place = 1 + Math.floor(random() * (word.length - 2));
      return word.slice(0, place) + word.slice(place + 1);
    }).join(" ");
  });
}
