import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { ModelNameSchema, parseAmount, StoaError } from "@stoa/protocol";
import Type, { type Static } from "typebox";
import Value from "typebox/value";
import { modelProviders, type ModelProvider, type Models, type ModelSettings } from "./model-settings.ts";

const closed = { additionalProperties: false };
const Text = Type.String({ minLength: 1, maxLength: 1_024 });
const Price = Type.String({ description: "of the token, per million tokens" });

const ModelSchema = Type.Object(
  {
    provider: Type.Unsafe<ModelProvider>(Type.Union(modelProviders.map((name) => Type.Literal(name)))),
    model: Text,
    baseUrl: Type.Optional(Text),
    keyFile: Type.Optional(Text),
    keyVariable: Type.Optional(Text),
    price: Type.Object({ input: Price, output: Price }, closed),
  },
  closed,
);
type Model = Static<typeof ModelSchema>;

const MOST_MODELS = 256;
const isName = (name: string) => Value.Check(ModelNameSchema, name);

/** Where each provider is found; a server of one's own has an address of its own. */
const baseUrls: Readonly<Record<ModelProvider, string | undefined>> = {
  openai: "https://api.openai.com/v1",
  anthropic: "https://api.anthropic.com/v1",
  groq: "https://api.groq.com/openai/v1",
  "openai-compatible": undefined,
};

export interface ReadModelsOptions {
  /** Decimals of the token prices are in. */
  decimals: number;
  /** Where keys may stand. */
  env: Readonly<Record<string, string | undefined>>;
}

function invalid(path: string, problem: string): StoaError {
  return new StoaError("invalid_configuration", `${path}: ${problem}`);
}

/** The first thing wrong with a model's settings; values are never quoted, for one may be a key. */
function problemOf(model: unknown): string {
  const [error] = Value.Errors(ModelSchema, model).filter(({ keyword }) => keyword !== "boolean");
  if (!error) return " is not valid";
  const field = error.instancePath.replaceAll("/", ".");
  if (error.keyword === "additionalProperties")
    return `${field}: unknown field ${error.params.additionalProperties.join(", ")}`;
  if (error.keyword === "required") return `${field}: missing ${error.params.requiredProperties.join(", ")}`;
  return `${field}: ${error.message}`;
}

async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw invalid(path, `the file of the node's models cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words would quote the file.
    throw invalid(path, "the file of the node's models is not JSON");
  }
}

async function readKey(path: string, name: string, model: Model, env: ReadModelsOptions["env"]) {
  const { keyFile, keyVariable, provider } = model;
  if (keyFile !== undefined && keyVariable !== undefined)
    throw invalid(path, `${name} has both keyFile and keyVariable, one is enough`);
  if (keyFile === undefined && keyVariable === undefined) {
    if (provider === "openai-compatible") return undefined;
    throw invalid(path, `${name} needs its key: a keyFile, or a keyVariable of the environment`);
  }
  const place = keyFile === undefined ? `the variable ${keyVariable}` : `the file ${keyFile}`;
  const text =
    keyFile === undefined
      ? env[keyVariable ?? ""]
      : await readFile(resolve(dirname(path), keyFile), "utf8").catch(() => undefined);
  const key = text?.trim();
  // A line break or another control character would break the header a key travels in.
  if (!key || !/^[\x21-\x7e]+$/.test(key)) throw invalid(path, `${place} has no key for ${name}`);
  return key;
}

async function readModel(path: string, name: string, model: Model, options: ReadModelsOptions): Promise<ModelSettings> {
  const baseUrl = model.baseUrl ?? baseUrls[model.provider];
  if (baseUrl === undefined) throw invalid(path, `${name} needs a baseUrl`);
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if ((url?.protocol !== "http:" && url?.protocol !== "https:") || url.username || url.password)
    throw invalid(path, `the baseUrl of ${name} must be an http(s) address without a user`);
  const price = (text: string) => {
    try {
      return parseAmount(text, options.decimals);
    } catch {
      throw invalid(path, `the prices of ${name} must be decimal amounts of the token such as "0.15", got "${text}"`);
    }
  };
  return {
    provider: model.provider,
    model: model.model,
    baseUrl: baseUrl.replace(/\/+$/, ""),
    key: await readKey(path, name, model, options.env),
    inputPrice: price(model.price.input),
    outputPrice: price(model.price.output),
  };
}

/**
 * Reads the models a node lends its agents, from a JSON file that maps their names to settings.
 * @throws {StoaError} `invalid_configuration`, which never quotes a key
 * @example
 * await readModels("models.json", { decimals: 6, env: process.env })
 */
export async function readModels(path: string, options: ReadModelsOptions): Promise<Models> {
  const json = await readJson(path);
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw invalid(path, "the file of the node's models must map names to models");
  const entries = Object.entries(json as Record<string, unknown>);
  if (entries.length > MOST_MODELS) throw invalid(path, `has ${entries.length} models, at most ${MOST_MODELS}`);
  const models = new Map<string, ModelSettings>();
  for (const [name, model] of entries) {
    if (!isName(name)) throw invalid(path, `${JSON.stringify(name)} is no name for a model, as small or llama/8b are`);
    if (!Value.Check(ModelSchema, model)) throw invalid(path, `${name}${problemOf(model)}`);
    models.set(name, await readModel(path, name, model, options));
  }
  return models;
}
