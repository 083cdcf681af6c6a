import type { AgentSchema } from "@stoa/protocol";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Validator } from "./finding.ts";

/** Compiles a schema to code, for who checks the same one many times. */
export function openValidator(schema: AgentSchema): Validator {
  // A compiler per schema: two schemas never meet, and a dropped one is collected whole.
  const ajv = new Ajv2020({
    strict: false,
    validateFormats: false,
    ownProperties: true,
    allErrors: false,
    logger: false,
  });
  // What was evaluated is of use to keywords alone that no schema here may have, and the code that keeps track of it
  // breaks on some that are allowed.
  ajv.opts.unevaluated = false;
  const validate = ajv.compile(schema as object | boolean);
  return (value) => (validate(value) ? [] : (validate.errors ?? []));
}
