import { type AgentSchema, type Json, StoaError } from "@stoa/protocol";

/**
 * Makes an input of plain text for an agent whose input has exactly one required property, a text.
 * @throws {StoaError} `input_mismatch` saying what the agent wants instead
 * @example
 * wrapText("Once upon…", { type: "object", properties: { text: { type: "string" } }, required: ["text"] }) // { text: "Once upon…" }
 */
export function wrapText(text: string, schema: AgentSchema, agent: string): Json {
  if (typeof schema === "boolean") return schema ? { text } : refuse(agent, "takes no input at all");
  if (schema["type"] === "string") return text;
  const properties = (schema["properties"] ?? {}) as Record<string, { type?: unknown } | undefined>;
  const required = (schema["required"] ?? []) as readonly string[];
  const [name] = required;
  if (name === undefined || required.length > 1 || properties[name]?.type !== "string") {
    return refuse(agent, `requires ${required.join(", ") || "nothing"}, so plain text has no one place in it`);
  }
  return { [name]: text };
}

function refuse(agent: string, why: string): never {
  throw new StoaError(
    "input_mismatch",
    `${agent} ${why}: give the input as JSON (a .json file, or --input-json); see \`stoa agent show ${agent}\``,
  );
}
