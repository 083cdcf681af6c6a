type Node = Record<string, unknown>;

/**
 * Moves every schema that has a title to the description's components and refers to it there, so that generated
 * clients get one named type for each.
 * @example
 * nameSchemas({ paths: { "/x": { schema: { title: "Thing", type: "object" } } } })
 * // { paths: { "/x": { schema: { $ref: "#/components/schemas/Thing" } } }, components: { schemas: { Thing: { … } } } }
 */
export function nameSchemas<Description extends { paths?: object; components?: object }>(
  description: Description,
): Description {
  const schemas: Record<string, unknown> = {};

  function visit(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== "object" || value === null) return value;
    const visited: Node = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, visit(item)]));
    const { title } = visited;
    if (typeof title !== "string" || !isSchema(visited)) return visited;
    const known = schemas[title];
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(visited)) {
      throw new RangeError(`two schemas have the title ${title}`);
    }
    schemas[title] = visited;
    return { $ref: `#/components/schemas/${title}` };
  }

  const paths = visit(description.paths);
  return { ...description, paths, components: { ...description.components, schemas } };
}

function isSchema(node: Node): boolean {
  return "type" in node || "anyOf" in node;
}
