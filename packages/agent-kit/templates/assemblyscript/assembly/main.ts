import { log, member, readInput, readString, writeOutput } from "@stoa/agent-kit/assembly/stoa";

function isSpace(code: i32): bool {
  return code == 0x20 || code == 0x09 || code == 0x0a || code == 0x0d;
}

/** Strings are UTF-16: a pair of surrogates is one character. */
function isSecondHalf(code: i32): bool {
  return code >= 0xdc00 && code <= 0xdfff;
}

export function run(): i32 {
  const value = member(readInput(), "text");
  if (value === null) return 1;
  const text = readString(value, 0);
  if (text === null) return 1;
  let words = 0;
  let characters = 0;
  let inWord = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (!isSecondHalf(code)) characters += 1;
    if (!isSpace(code) && !inWord) words += 1;
    inWord = !isSpace(code);
  }
  log("counted " + words.toString() + " words");
  writeOutput('{"words":' + words.toString() + ',"characters":' + characters.toString() + "}");
  return 0;
}
