import { refuse } from "../wasm-reader.ts";

/** What of an image's configuration is used; its user, volumes, ports, health check and triggers are not. */
export interface ImageConfig {
  /** As Go names processors. */
  architecture: string;
  command: string[];
  env: string[];
  workingDir: string;
  /** SHA-256 of each layer's tar form, lowest first, as `sha256:…`. */
  diffIds: string[];
}

const MAX_TEXTS = 256;
const MAX_TEXT_LENGTH = 4_096;

function texts(value: unknown, what: string): string[] {
  if (value === undefined || value === null) return [];
  const isFit = (text: unknown) => typeof text === "string" && text.length <= MAX_TEXT_LENGTH && !text.includes("\0");
  if (!Array.isArray(value) || value.length > MAX_TEXTS || !value.every(isFit))
    refuse(`${what} of the image is not a list of at most ${MAX_TEXTS} texts of at most ${MAX_TEXT_LENGTH} characters`);
  return value as string[];
}

/**
 * Reads an image's configuration.
 * @throws {StoaError} `invalid_artifact`
 */
export function readImageConfig(json: Record<string, unknown>, layers: number): ImageConfig {
  if (json["os"] !== "linux") refuse(`the image is for ${JSON.stringify(json["os"] ?? null)}, not for linux`);
  const { architecture } = json;
  if (typeof architecture !== "string" || !/^[a-z0-9]{1,16}$/.test(architecture))
    refuse("the image's architecture is missing");
  const config = (json["config"] ?? {}) as Record<string, unknown>;
  const command = [...texts(config["Entrypoint"], "Entrypoint"), ...texts(config["Cmd"], "Cmd")];
  if (command.length === 0 || command[0] === "") refuse("the image has neither an Entrypoint nor a Cmd");
  const env = texts(config["Env"], "Env");
  const odd = env.find((pair) => !/^[^=]+=/.test(pair));
  if (odd !== undefined) refuse(`Env of the image has ${JSON.stringify(odd)}, which is not NAME=value`);
  const workingDir = config["WorkingDir"] || "/";
  if (
    typeof workingDir !== "string" ||
    !workingDir.startsWith("/") ||
    workingDir.length > MAX_TEXT_LENGTH ||
    workingDir.split("/").includes("..")
  )
    refuse("WorkingDir of the image is not an absolute path");
  const diffIds = texts((json["rootfs"] as { diff_ids?: unknown } | null | undefined)?.diff_ids, "rootfs.diff_ids");
  if (diffIds.length !== layers) refuse(`the image's configuration names ${diffIds.length} layers, it has ${layers}`);
  return { architecture, command, env, workingDir, diffIds };
}
