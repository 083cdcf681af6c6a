import type { Readable } from "node:stream";
import type { Engine } from "../engine/open-engine.ts";

/** The engine tells of its progress in lines of JSON, and of its failure in one of them. */
const MAX_ANSWER_BYTES = 64 << 10;

/**
 * Has an engine take an image from a docker-archive.
 * @throws {Error} what the engine says
 */
export async function loadImage({ docker }: Engine, archive: Readable): Promise<void> {
  const answer = await docker.loadImage(archive, { quiet: true });
  let text = "";
  for await (const chunk of answer) text = (text + String(chunk)).slice(-MAX_ANSWER_BYTES);
  for (const line of text.split("\n")) {
    if (!line.includes('"error')) continue;
    throw new Error((JSON.parse(line) as { error?: string }).error ?? line);
  }
}
