import { manifestFileSchema } from "@stoa/protocol";

/** The JSON Schema that editors check an author's manifest by. */
export function manifestSchemaFile(): string {
  return `${JSON.stringify(manifestFileSchema(), null, 2)}\n`;
}
