import { isTooDeep, type Json, MAX_JSON_DEPTH } from "@stoa/protocol";

/** What a container says on a line of its standard output. */
export type AgentLine =
  | { type: "output"; output: Json }
  | { type: "progress"; fraction: number; text: string }
  | { type: "call"; method: string; params: Json }
  | { type: "broken"; message: string };

const broken = (message: string): AgentLine => ({ type: "broken", message });

/** Reads one line; nothing in it is believed before it is checked. */
export function readAgentLine(line: string): AgentLine {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    return broken("a line of its standard output is not JSON");
  }
  if (typeof message !== "object" || message === null || Array.isArray(message))
    return broken("a line of its standard output is not a JSON object");
  if (isTooDeep(message, MAX_JSON_DEPTH + 1)) return broken("a line of its standard output is JSON nested too deep");
  if (Object.hasOwn(message, "output")) return { type: "output", output: (message as { output: Json }).output };
  const { progress, text, call, params } = message as Record<string, Json>;
  if (typeof progress === "number" && progress >= 0 && progress <= 1)
    return { type: "progress", fraction: progress, text: typeof text === "string" ? text : "" };
  if (typeof call === "string") return { type: "call", method: call, params: params ?? null };
  return broken('a line of its standard output has neither "output" nor a fit "progress" or "call"');
}
