import { isTooDeep, MAX_JSON_DEPTH, StoaError } from "@stoa/protocol";
import type { FastifySchemaCompiler, preValidationHookHandler } from "fastify";
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
    details: { pointer, problems: problems.slice(0, 10).map((problem) => `${problem.instancePath || "/"}: ${describe(problem)}`) },
  });
}

function describe(problem: Mismatch | undefined): string {
  const names = Object.values(problem?.params ?? {}).flat();
  if (problem?.keyword === "additionalProperties") return `unknown field ${names.join(", ")}`;
  if (problem?.keyword === "required") return `missing ${names.join(", ")}`;
  return problem?.message ?? "does not match its schema";
}

/** Refuses JSON nested so deep that walking it could exhaust the stack. */
export const refuseDeepJson: preValidationHookHandler = (request, _reply, done) => {
  const { body } = request;
  const isJson = typeof body === "object" && body !== null && request.headers["content-type"]?.includes("json");
  done(isJson && isTooDeep(body) ? new StoaError("invalid_request", `the body is nested more than ${MAX_JSON_DEPTH} levels deep`) : undefined);
};
