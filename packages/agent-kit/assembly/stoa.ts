// The "stoa" ABI for AssemblyScript: what docs/agents.md describes, as functions on strings.

// @ts-ignore: decorator
@external("stoa", "input_length")
declare function inputLength(): i32;
// @ts-ignore: decorator
@external("stoa", "input_read")
declare function inputRead(pointer: usize): void;
// @ts-ignore: decorator
@external("stoa", "output_write")
declare function outputWrite(pointer: usize, length: i32): void;
// @ts-ignore: decorator
@external("stoa", "log_write")
declare function logWrite(pointer: usize, length: i32): void;
// @ts-ignore: decorator
@external("stoa", "progress")
declare function reportProgress(permille: i32, pointer: usize, length: i32): void;
// @ts-ignore: decorator
@external("stoa", "call")
declare function callHost(methodPointer: usize, methodLength: i32, jsonPointer: usize, jsonLength: i32): i32;
// @ts-ignore: decorator
@external("stoa", "reply_read")
declare function replyRead(pointer: usize): void;

/** The input: JSON text. */
export function readInput(): string {
  const buffer = new ArrayBuffer(inputLength());
  inputRead(changetype<usize>(buffer));
  return String.UTF8.decode(buffer);
}

/** Appends to the output, which must be JSON when `run` returns 0. */
export function writeOutput(json: string): void {
  const bytes = String.UTF8.encode(json);
  outputWrite(changetype<usize>(bytes), bytes.byteLength);
}

/** Writes a line to the execution's log. */
export function log(text: string): void {
  const bytes = String.UTF8.encode(text);
  logWrite(changetype<usize>(bytes), bytes.byteLength);
}

/** Tells how far the work is, from 0 to 1. */
export function progress(fraction: f64, text: string = ""): void {
  const bytes = String.UTF8.encode(text);
  reportProgress(<i32>(fraction * 1000.0), changetype<usize>(bytes), bytes.byteLength);
}

/** What a call gave: its JSON, or why it was refused. */
export class Reply {
  constructor(
    public readonly ok: bool,
    public readonly text: string,
  ) {}
}

/** Calls a granted capability with JSON parameters. */
export function call(method: string, json: string): Reply {
  const methodBytes = String.UTF8.encode(method);
  const jsonBytes = String.UTF8.encode(json);
  const length = callHost(changetype<usize>(methodBytes), methodBytes.byteLength, changetype<usize>(jsonBytes), jsonBytes.byteLength);
  const buffer = new ArrayBuffer(abs(length));
  replyRead(changetype<usize>(buffer));
  return new Reply(length >= 0, String.UTF8.decode(buffer));
}

/**
 * Has a task done by another agent, paid from the task's budget for that; needs the grant `subtasks`.
 * The reply is `{"output": …, "price": "…"}`.
 * @param input JSON
 * @param maxPrice an integer of the token's smallest unit, as text
 */
export function runTask(capability: string, input: string, maxPrice: string, timeoutMs: i32 = 60000): Reply {
  const what = "{\"capability\":" + quote(capability) + ",\"input\":" + input;
  return call("task.run", what + ",\"maxPrice\":" + quote(maxPrice) + ",\"timeoutMs\":" + timeoutMs.toString() + "}");
}

/** Writes text as a JSON string, quotes included. */
export function quote(text: string): string {
  let quoted = "\"";
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code == 0x22 || code == 0x5c) quoted += "\\" + String.fromCharCode(code);
    else if (code < 0x20) quoted += "\\u00" + (code < 0x10 ? "0" : "") + code.toString(16);
    else quoted += String.fromCharCode(code);
  }
  return quoted + "\"";
}

function hexDigit(code: i32): i32 {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** Reads a JSON string that starts at `start` (its opening quote); `null` when there is none. */
export function readString(json: string, start: i32): string | null {
  if (start >= json.length || json.charCodeAt(start) != 0x22) return null;
  const units = new Array<i32>();
  let index = start + 1;
  while (index < json.length) {
    const code = json.charCodeAt(index);
    if (code == 0x22) return String.fromCharCodes(units);
    if (code != 0x5c) {
      units.push(code);
      index += 1;
      continue;
    }
    const escape = index + 1 < json.length ? json.charCodeAt(index + 1) : 0;
    index += 2;
    if (escape == 0x6e) units.push(0x0a);
    else if (escape == 0x74) units.push(0x09);
    else if (escape == 0x72) units.push(0x0d);
    else if (escape == 0x62) units.push(0x08);
    else if (escape == 0x66) units.push(0x0c);
    else if (escape == 0x75) {
      let unit = 0;
      for (let digit = 0; digit < 4; digit += 1) {
        const value = index + digit < json.length ? hexDigit(json.charCodeAt(index + digit)) : -1;
        if (value < 0) return null;
        unit = unit * 16 + value;
      }
      units.push(unit);
      index += 4;
    } else units.push(escape);
  }
  return null;
}

/** Where the JSON value that starts at `start` ends; the input was checked to be JSON before it came here. */
function skipValue(json: string, start: i32): i32 {
  let depth = 0;
  let inText = false;
  for (let index = start; index < json.length; index += 1) {
    const code = json.charCodeAt(index);
    if (inText) {
      if (code == 0x5c) index += 1;
      else if (code == 0x22) {
        inText = false;
        if (depth == 0) return index + 1;
      }
    } else if (code == 0x22) inText = true;
    else if (code == 0x7b || code == 0x5b) depth += 1;
    else if (code == 0x7d || code == 0x5d) {
      if (depth == 0) return index;
      depth -= 1;
      if (depth == 0) return index + 1;
    } else if (code == 0x2c && depth == 0) return index;
  }
  return json.length;
}

function skipSpace(json: string, start: i32): i32 {
  let index = start;
  while (index < json.length && (json.charCodeAt(index) <= 0x20 || json.charCodeAt(index) == 0x2c || json.charCodeAt(index) == 0x3a)) index += 1;
  return index;
}

/** The raw JSON of a member of the object `json` is; `null` when it has none of that name. */
export function member(json: string, name: string): string | null {
  let index = skipSpace(json, 0);
  if (index >= json.length || json.charCodeAt(index) != 0x7b) return null;
  index = skipSpace(json, index + 1);
  while (index < json.length && json.charCodeAt(index) == 0x22) {
    const key = readString(json, index);
    const valueStart = skipSpace(json, skipValue(json, index));
    const valueEnd = skipValue(json, valueStart);
    if (key !== null && key == name) return json.substring(valueStart, valueEnd).trim();
    index = skipSpace(json, valueEnd);
  }
  return null;
}
