import { readSecretFile } from "@stoa/host";
import type { ServerConfig } from "../config.ts";
import type { EmbedderSettings } from "./embedder.ts";

/**
 * The embedder of a configuration, with its key; nothing where it has none.
 * @throws {StoaError} `invalid_configuration` when the key cannot be read
 */
export async function embedderSettings({
  embedder,
}: Pick<ServerConfig, "embedder">): Promise<EmbedderSettings | undefined> {
  if (!embedder) return undefined;
  const { url, model, keyFile } = embedder;
  const apiKey = keyFile === undefined ? undefined : (await readSecretFile(keyFile, "embedder's key")).trim();
  return { url, model, apiKey };
}
