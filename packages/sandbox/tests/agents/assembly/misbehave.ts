// An agent that does as its input tells it, good and bad; ../misbehave.js is its twin.
import {
  call,
  log,
  member,
  progress,
  quote,
  readInput,
  readString,
  writeOutput,
} from "../../../../agent-kit/assembly/stoa";

let runs: i32 = 0;
const kept: ArrayBuffer[] = [];

function textOf(input: string, name: string): string {
  const value = member(input, name);
  if (value !== null) {
    const text = readString(value, 0);
    if (text !== null) return text;
  }
  return "";
}

function integerOf(input: string, name: string): i32 {
  const value = member(input, name);
  return value === null ? 0 : <i32>parseInt(value);
}

function down(n: i32): i32 {
  return n < 0 ? 0 : 1 + down(n + 1) + (down(n + 2) & 1);
}

export function run(): i32 {
  const input = readInput();
  const deed = textOf(input, "do");
  if (deed == "double") writeOutput(`{"value":${(2 * integerOf(input, "n")).toString()}}`);
  else if (deed == "count") writeOutput(`{"value":${(runs += 1).toString()}}`);
  else if (deed == "loop") while (true) runs += 1;
  else if (deed == "allocate") while (true) kept.push(new ArrayBuffer(1 << 16));
  else if (deed == "flood") while (true) log("all work and no play makes a dull log");
  else if (deed == "flushLines") while (true) log("");
  else if (deed == "log") {
    const lines = member(input, "lines")!;
    let at = 1;
    let count = 0;
    while (at < lines.length && lines.charCodeAt(at) == 0x22) {
      const line = readString(lines, at)!;
      log(line);
      at += quote(line).length + 1;
      count += 1;
    }
    writeOutput(`{"value":${count.toString()}}`);
  } else if (deed == "progress") {
    for (let step = 0; step <= 20_000; step += 1) progress(<f64>step / 20_000.0, "step");
    writeOutput(`{"value":0}`);
  } else if (deed == "garbage") writeOutput("no JSON at all");
  else if (deed == "mismatch") writeOutput(`{"surprise":true}`);
  else if (deed == "large") writeOutput(`{"text":"${"x".repeat(integerOf(input, "bytes"))}"}`);
  else if (deed == "crash") throw new Error("it went wrong on purpose");
  else if (deed == "recurse") writeOutput(`{"value":${down(0).toString()}}`);
  else if (deed == "call") {
    const reply = call(textOf(input, "method"), member(input, "params")!);
    writeOutput(`{${reply.ok ? '"text"' : '"refused"'}:${quote(reply.text)}}`);
  } else return 7;
  return 0;
}
