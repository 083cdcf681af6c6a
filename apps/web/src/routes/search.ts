import { type TaskState, taskStates } from "@stoa/protocol";

export const agentOrders = ["new", "name", "royalty", "hosts"] as const;

/** What an address says after its question mark; whatever else strangers write there is left out. */
export interface AgentSearch {
  q?: string;
  capability?: string;
  sort?: (typeof agentOrders)[number];
}

export interface TaskSearch {
  state?: TaskState;
  capability?: string;
  mine?: boolean;
}

export interface CapabilitySearch {
  capability?: string;
}

type Given = Record<string, unknown>;

export function readAgentSearch(given: Given): AgentSearch {
  return { ...text(given, "q"), ...text(given, "capability"), ...oneOf(given, "sort", agentOrders) };
}

export function readTaskSearch(given: Given): TaskSearch {
  return {
    ...oneOf(given, "state", taskStates),
    ...text(given, "capability"),
    ...(given["mine"] === true ? { mine: true } : {}),
  };
}

export function readCapabilitySearch(given: Given): CapabilitySearch {
  return text(given, "capability");
}

/** The search with a change, without what is empty. */
export function changedSearch<Search extends object>(
  before: Search,
  change: { [Name in keyof Search]?: Search[Name] | undefined },
): Search {
  return Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value)) as Search;
}

function text<Name extends string>(given: Given, name: Name): { [Key in Name]?: string } {
  const value = given[name];
  return (typeof value === "string" && value !== "" ? { [name]: value } : {}) as { [Key in Name]?: string };
}

function oneOf<Name extends string, Value extends string>(
  given: Given,
  name: Name,
  values: readonly Value[],
): { [Key in Name]?: Value } {
  const value = values.find((candidate) => candidate === given[name]);
  return (value === undefined ? {} : { [name]: value }) as { [Key in Name]?: Value };
}
