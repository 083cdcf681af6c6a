import type { AgentVersionId, Json, Manifest } from "@stoa/protocol";
import { fetchHttp } from "./fetch-http.ts";
import { GrantRefusal } from "./grant-refusal.ts";
import type { KeyValueStore } from "./key-value-store.ts";
import { type RunTask, runTaskFor } from "./run-task.ts";

/** Answers an agent's calls, outside the sandbox: it holds what the agent must not. */
export interface Broker {
  /**
   * @param runTask how this execution has others work, when its task has a budget for that
   * @throws {GrantRefusal} what the agent is told; anything else is a fault of the node
   */
  call(method: string, params: Json, signal: AbortSignal, runTask?: RunTask): Promise<Json>;
}

export interface BrokerOptions {
  versionId: AgentVersionId;
  /** What the manifest asks for. */
  grants: Manifest["grants"];
  /** What the node gives: nothing that is not named here. */
  keyValue?: KeyValueStore;
  http?: { allowedHosts: readonly string[]; allowPrivateAddresses?: boolean };
}

type Method = (params: Json, signal: AbortSignal, runTask: RunTask | undefined) => Promise<Json>;

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

/**
 * Wires the grants of one agent version: a method exists when the manifest asks for it and the node gives it.
 * @example
 * createBroker({ versionId, grants: manifest.grants, keyValue: openKeyValueStore({ folder }) })
 */
export function createBroker({ versionId, grants, keyValue, http }: BrokerOptions): Broker {
  const methods = new Map<string, Method>();
  if (grants.keyValue && keyValue)
    for (const [name, method] of keyValueMethods(keyValue, versionId)) methods.set(name, method);
  if (grants.http && http) {
    const grant = {
      wanted: grants.http,
      allowed: http.allowedHosts,
      allowPrivate: http.allowPrivateAddresses ?? false,
    };
    methods.set("http.fetch", (params, signal) => fetchHttp(params, grant, signal));
  }
  const { subtasks } = grants;
  if (subtasks) methods.set("task.run", (params, signal, runTask) => runTaskFor(params, subtasks, runTask, signal));
  return {
    async call(name, params, signal, runTask) {
      const method = methods.get(name);
      if (!method)
        throw new GrantRefusal(
          `${name} is not granted${methods.size > 0 ? `; granted are ${[...methods.keys()].join(", ")}` : ""}`,
        );
      return await method(params, signal, runTask);
    },
  };
}
