import type { AgentVersionId, Json, Manifest } from "@stoa/protocol";
import { fetchHttp } from "./fetch-http.ts";
import { GrantRefusal } from "./grant-refusal.ts";
import type { KeyValueStore } from "./key-value-store.ts";
import { createGateway } from "./llm/create-gateway.ts";
import type { Models } from "./llm/model-settings.ts";
import { type RunTask, runTaskFor } from "./run-task.ts";
import { type BrokerSession, type MeteredCall, type Method, openSession } from "./session.ts";

/** Answers an agent's calls, outside the sandbox: it holds what the agent must not. */
export interface Broker {
  /** Opens the calls of one execution, which are counted and end with it. */
  open(execution: { executionId: string; runTask?: RunTask }): BrokerSession;
}

export interface BrokerOptions {
  versionId: AgentVersionId;
  /** What the manifest asks for. */
  grants: Manifest["grants"];
  /** What the node gives: nothing that is not named here. */
  keyValue?: KeyValueStore;
  http?: { allowedHosts: readonly string[]; allowPrivateAddresses?: boolean };
  /** `callTimeMs` is the longest a call of a model may take. */
  llm?: { models: Models; callTimeMs?: number };
  /** Told of every answered call, by sizes. */
  onCall?: (call: MeteredCall) => void;
}

function text(params: Json, field: string): string {
  const value =
    typeof params === "object" && params !== null && !Array.isArray(params)
      ? (params as Record<string, Json>)[field]
      : undefined;
  if (typeof value !== "string") throw new GrantRefusal(`${field} must be text`);
  return value;
}

function keyValueMethods(store: KeyValueStore, version: AgentVersionId): [string, Method][] {
  return [
    ["kv.get", (params) => store.get(version, text(params, "key"))],
    [
      "kv.set",
      async (params) => {
        const key = text(params, "key");
        const value = (params as Record<string, Json>)["value"];
        if (value === undefined) throw new GrantRefusal("value must be given");
        await store.set(version, key, value);
        return null;
      },
    ],
    [
      "kv.delete",
      async (params) => {
        await store.delete(version, text(params, "key"));
        return null;
      },
    ],
    ["kv.list", (params) => store.list(version, text(params, "prefix"))],
  ];
}

/** Those that keep nothing for an execution. */
function lastingMethods({ versionId, grants, keyValue, http }: BrokerOptions): Map<string, Method> {
  const methods = new Map<string, Method>();
  if (grants.keyValue && keyValue)
    for (const [name, method] of keyValueMethods(keyValue, versionId)) methods.set(name, method);
  if (grants.http && http) {
    const grant = {
      wanted: grants.http,
      allowed: http.allowedHosts,
      allowPrivate: http.allowPrivateAddresses ?? false,
    };
    methods.set("http.fetch", (params, { signal }) => fetchHttp(params, grant, signal));
  }
  const { subtasks } = grants;
  if (subtasks) methods.set("task.run", (params, { runTask, signal }) => runTaskFor(params, subtasks, runTask, signal));
  return methods;
}

/**
 * Wires the grants of one agent version: a method exists when the manifest asks for it and the node gives it.
 * @example
 * createBroker({ versionId, grants: manifest.grants, keyValue: openKeyValueStore({ folder }) })
 */
export function createBroker(options: BrokerOptions): Broker {
  const { grants, llm, onCall } = options;
  const lasting = lastingMethods(options);
  const gateway = grants.llm && llm ? createGateway({ grant: grants.llm, ...llm }) : undefined;
  return {
    open({ executionId, runTask }) {
      const calls = new AbortController();
      const models = gateway?.open(calls.signal);
      return openSession({
        executionId,
        methods: models ? new Map([...lasting, ...models.methods]) : lasting,
        caller: { signal: calls.signal, runTask },
        onCall,
        close() {
          calls.abort();
          const used = models?.close() ?? [];
          return used.length > 0 ? { models: used } : {};
        },
      });
    },
  };
}
