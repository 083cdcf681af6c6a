import type { Colours } from "../terminal/terminal.ts";
import { clockTime } from "../terminal/age.ts";

const OWN = new Set(["level", "time", "pid", "hostname", "name", "msg"]);
const LEVELS: Record<number, string> = { 20: "debug", 30: "info", 40: "warn", 50: "error", 60: "fatal" };

/**
 * Turns a node's JSON log line into one for people; what is no such line is given as it is.
 * @example
 * readableLogLine(colours, '{"level":30,"time":0,"msg":"running","taskId":"0xab"}') // "00:00:00.000 info  running  taskId=0xab"
 */
export function readableLogLine(colours: Colours, line: string): string {
  let entry: Record<string, unknown> | null;
  try {
    entry = JSON.parse(line) as Record<string, unknown> | null;
  } catch {
    return line;
  }
  if (typeof entry?.["msg"] !== "string" || typeof entry["time"] !== "number") return line;
  const level = LEVELS[Number(entry["level"])] ?? String(entry["level"]);
  const paint = level === "warn" ? colours.yellow : level === "error" || level === "fatal" ? colours.red : colours.cyan;
  const rest = Object.entries(entry)
    .filter(([name]) => !OWN.has(name))
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  const tail = rest.length === 0 ? "" : `  ${colours.dim(rest.join(" "))}`;
  return `${colours.dim(clockTime(entry["time"]))} ${paint(level.padEnd(5))} ${entry["msg"]}${tail}`;
}
