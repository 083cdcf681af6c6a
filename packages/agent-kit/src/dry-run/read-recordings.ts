import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type Json, StoaError } from "@stoa/protocol";

/** An input kept with an agent, and what is to come of it when that is kept too. */
export interface Recording {
  name: string;
  input: Json;
  expected?: Json;
}

const EXPECTED = ".expected.json";

/**
 * Reads an agent's recorded inputs, none where no folder is named: every `inputs/NAME.json`, with `inputs/NAME.expected.json` where it stands.
 * @throws {StoaError} `malformed_json` for a file that is none, `invalid_request` for an output without its input
 */
export async function readRecordings(folder: string | null): Promise<Recording[]> {
  if (folder === null) return [];
  const inputs = join(folder, "inputs");
  const names = (
    await readdir(inputs).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    })
  ).filter((name) => name.endsWith(".json"));
  const orphan = names.find((name) => name.endsWith(EXPECTED) && !names.includes(name.replace(EXPECTED, ".json")));
  if (orphan !== undefined)
    throw new StoaError("invalid_request", `inputs/${orphan} expects an output, but its input is not there`);
  return Promise.all(
    names
      .filter((name) => !name.endsWith(EXPECTED))
      .sort()
      .map(async (file) => {
        const name = basename(file, ".json");
        const input = await readJson(join(inputs, file));
        if (!names.includes(name + EXPECTED)) return { name, input };
        return { name, input, expected: await readJson(join(inputs, name + EXPECTED)) };
      }),
  );
}

async function readJson(path: string): Promise<Json> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Json;
  } catch (cause) {
    throw new StoaError("malformed_json", `${path} is not JSON: ${(cause as Error).message}`, { cause });
  }
}
