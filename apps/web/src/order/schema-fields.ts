import type { AgentSchema, Json } from "@stoa/protocol";

/** A field of a form, out of a property of an input's schema. */
export interface SchemaField {
  name: string;
  kind: "text" | "number" | "integer" | "boolean" | "choice" | "json";
  isRequired: boolean;
  description: string | undefined;
  /** Of a choice. */
  choices: readonly string[];
  least: number | undefined;
  most: number | undefined;
  initial: string;
}

type Property = Record<string, Json | undefined>;

/**
 * The fields of a form for an input, or null when its schema is no object with named properties and it is written as
 * JSON.
 */
export function schemaFields(schema: AgentSchema): SchemaField[] | null {
  if (typeof schema !== "object" || schema["type"] !== "object") return null;
  const { properties, required } = schema as { properties?: Record<string, Property>; required?: string[] };
  if (!properties || Object.keys(properties).length === 0) return null;
  const fields = Object.entries(properties).map(([name, property]) => {
    const isRequired = required?.includes(name) ?? false;
    const { description, minimum, maximum } = property;
    return {
      name,
      kind: kindOf(property),
      isRequired,
      description: typeof description === "string" ? description : undefined,
      choices: Array.isArray(property["enum"]) ? property["enum"].map(String) : [],
      least: typeof minimum === "number" ? minimum : undefined,
      most: typeof maximum === "number" ? maximum : undefined,
      initial: initialText(property["default"]),
    };
  });
  // What must be filled in comes first.
  return fields.toSorted((a, b) => Number(b.isRequired) - Number(a.isRequired));
}

function initialText(initial: Json | undefined): string {
  if (initial === undefined) return "";
  return typeof initial === "string" ? initial : JSON.stringify(initial);
}

function kindOf({ type, enum: choices }: Property): SchemaField["kind"] {
  if (Array.isArray(choices) && choices.every((choice) => typeof choice === "string")) return "choice";
  if (type === "string") return "text";
  return type === "number" || type === "integer" || type === "boolean" ? type : "json";
}

/**
 * The input that a form's texts say; what is left empty is left out.
 * @throws {SyntaxError} when a field of JSON is none
 */
export function inputOf(fields: readonly SchemaField[], texts: Readonly<Record<string, string>>): Json {
  const input: Record<string, Json> = {};
  for (const { name, kind, initial } of fields) {
    const text = texts[name] ?? initial;
    if (text === "") continue;
    input[name] = kind === "text" || kind === "choice" ? text : (JSON.parse(text) as Json);
  }
  return input;
}
