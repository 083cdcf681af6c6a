import { StoaError } from "@stoa/protocol";
import type { TracingOptions } from "./task-traces.ts";

/** The variables that say where traces go to, named as OpenTelemetry names them. */
export const tracingVariables = [
  {
    name: "OTEL_EXPORTER_OTLP_ENDPOINT",
    description: "Collector that takes traces by OTLP over HTTP, such as http://127.0.0.1:4318.",
    default: "none: nothing is traced",
  },
  {
    name: "OTEL_TRACES_SAMPLER_ARG",
    description: "The part of tasks that are traced, from 0 to 1; the same tasks by servers and nodes.",
    default: "1",
  },
] as const;

type TracingEnv = Partial<Record<(typeof tracingVariables)[number]["name"], string>>;

/**
 * Checks the variables that say where traces go to.
 * @throws {StoaError} `invalid_configuration` naming the variable
 */
export function tracingSettings(env: TracingEnv): Pick<TracingOptions, "endpoint" | "ratio"> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: text = "1" } = env;
  if (endpoint !== undefined && !(URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol)))
    throw new StoaError(
      "invalid_configuration",
      `OTEL_EXPORTER_OTLP_ENDPOINT must be like http://127.0.0.1:4318, got ${JSON.stringify(endpoint)}`,
    );
  const ratio = Number(text);
  if (!/^[\d.]+$/.test(text) || !(ratio >= 0 && ratio <= 1))
    throw new StoaError(
      "invalid_configuration",
      `OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1, got ${JSON.stringify(text)}`,
    );
  return { endpoint, ratio };
}
