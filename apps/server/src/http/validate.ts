import { StoaError } from "@stoa/protocol";
import type { FastifySchemaCompiler } from "fastify";
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import Value from "typebox/value";

/** Compiles a route's schemas. Query and path texts become the numbers and booleans their schemas ask for; bodies are taken as they are. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema);
  return (value: unknown) => {
    const given = httpPart === "body" ? value : Value.Convert(schema, { ...(value as object) });
    if (validator.Check(given)) return { value: given };
    return { error: mismatch(httpPart ?? "request", validator.Errors(given)) };
  };
};

interface Mismatch {
  keyword?: string;
  instancePath: string;
  message: string;
  params?: object;
}

/** Names the first thing wrong by its JSON pointer. */
function mismatch(part: string, found: readonly Mismatch[]): StoaError {
  const problems = found.filter(({ keyword }) => keyword !== "boolean");
  const [first = found[0]] = problems;
  const pointer = first?.instancePath || "/";
  return new StoaError("invalid_request", `${part} ${pointer}: ${describe(first)}`, {
    details: {
      pointer,
      problems: problems.slice(0, 10).map((problem) => `${problem.instancePath || "/"}: ${describe(problem)}`),
    },
  });
}

function describe(problem: Mismatch | undefined): string {
  const names = Object.values(problem?.params ?? {}).flat();
  if (problem?.keyword === "additionalProperties") return `unknown field ${names.join(", ")}`;
  if (problem?.keyword === "required") return `missing ${names.join(", ")}`;
  return problem?.message ?? "does not match its schema";
}
