import type { Manifest } from "@stoa/protocol";
import { GrantRefusal } from "../grant-refusal.ts";
import type { Method } from "../session.ts";
import type { LoadedModel } from "./load-model.ts";
import { llmLimits, type Models, type ModelSettings } from "./model-settings.ts";
import { type ModelUsage, openTokenBudget, type TokenBudget } from "./token-budget.ts";

export interface GatewayOptions {
  grant: NonNullable<Manifest["grants"]["llm"]>;
  models: Models;
  callTimeMs?: number;
}

/** The models of one execution, under one budget. */
export interface ModelSession {
  methods: ReadonlyMap<string, Method>;
  /** Ends the budget and says what was used. */
  close(): ModelUsage;
}

/** What a call of one execution needs. */
export interface ModelRoom {
  budget: TokenBudget;
  /** Aborts with the execution. */
  signal: AbortSignal;
  timeMs: number;
  /** @throws {GrantRefusal} when the manifest does not name it, or the node has none of that name */
  model(name: string): Promise<{ settings: ModelSettings; loaded: LoadedModel }>;
}

const METHODS = ["chat", "stream", "next", "embed"] as const;

/** Lets the executions of one agent version call the node's models by the names its manifest gives. */
export function createGateway({ grant, models, callTimeMs = llmLimits.timeMs }: GatewayOptions) {
  // Begun with the agent's runner, so that no call waits for it; without models the code is never read.
  const code = Promise.all([import("./open-model-calls.ts"), import("./load-model.ts")]);
  code.catch(() => undefined);
  const loaded = new Map<string, Promise<LoadedModel>>();

  async function load(name: string, settings: ModelSettings): Promise<LoadedModel> {
    const [, { loadModel }] = await code;
    const model = loaded.get(name) ?? loadModel(settings);
    loaded.set(name, model);
    return await model;
  }
  async function model(name: string) {
    if (!grant.models.includes(name))
      throw new GrantRefusal(`the manifest names no model ${JSON.stringify(name)}, only ${grant.models.join(", ")}`);
    const settings = models.get(name);
    if (!settings) throw new GrantRefusal(`this node has no model ${name}`);
    return { settings, loaded: await load(name, settings) };
  }
  for (const [name, settings] of models) if (grant.models.includes(name)) load(name, settings).catch(() => undefined);

  return {
    open(signal: AbortSignal): ModelSession {
      const budget = openTokenBudget(grant.tokens, models);
      const room: ModelRoom = { budget, signal, timeMs: callTimeMs, model };
      const calls = code.then(([{ openModelCalls }]) => openModelCalls(room));
      calls.catch(() => undefined);
      const methods = METHODS.map((name): [string, Method] => [
        `llm.${name}`,
        async (params) => await (await calls)[name](params),
      ]);
      return { methods: new Map(methods), close: budget.close };
    },
  };
}
