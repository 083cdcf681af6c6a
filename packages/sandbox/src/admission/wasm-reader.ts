import { StoaError } from "@stoa/protocol";

/** Walks the bytes of a WASM module; every read is bounded by the bytes there are. */
export interface WasmReader {
  readonly offset: number;
  readonly done: boolean;
  byte(): number;
  /** The next byte, without going on. */
  peek(): number;
  /** An unsigned LEB128 number of at most 32 bits. */
  u32(): number;
  /** Goes past a LEB128 number of at most 64 bits. */
  skipLeb(): void;
  name(): string;
  bytes(length: number): Uint8Array;
  skip(length: number): void;
}

/** Longest name of an import or export, in bytes: a refusal says it. */
const MAX_NAME_BYTES = 1_000;

/** What every refusal of a module throws. */
export function refuse(message: string): never {
  throw new StoaError("invalid_artifact", message);
}

/**
 * Reads `bytes` from `start` to `end`.
 * @throws {StoaError} `invalid_artifact` when they end too early or hold a malformed number
 */
export function readWasm(bytes: Uint8Array, start = 0, end = bytes.length): WasmReader {
  let at = start;
  function need(length: number): void {
    if (length > end - at) refuse(`the module ends early: ${length} bytes wanted at ${at}, ${end - at} are left`);
  }
  const reader: WasmReader = {
    get offset() {
      return at;
    },
    get done() {
      return at >= end;
    },
    byte() {
      need(1);
      return bytes[at++]!;
    },
    peek() {
      need(1);
      return bytes[at]!;
    },
    u32() {
      let value = 0;
      for (let shift = 0; shift < 35; shift += 7) {
        const next = reader.byte();
        value += (next & 0x7f) * 2 ** shift;
        if (next < 0x80) {
          if (value > 0xffff_ffff) break;
          return value;
        }
      }
      return refuse(`a number before byte ${at} is longer than 32 bits`);
    },
    skipLeb() {
      for (let length = 1; length <= 10; length += 1) if (reader.byte() < 0x80) return;
      refuse(`a number before byte ${at} is longer than 64 bits`);
    },
    name() {
      const length = reader.u32();
      if (length > MAX_NAME_BYTES)
        refuse(`a name before byte ${at} has ${length} bytes, at most ${MAX_NAME_BYTES} are allowed`);
      const raw = reader.bytes(length);
      try {
        return new TextDecoder("utf-8", { fatal: true }).decode(raw);
      } catch {
        return refuse(`a name before byte ${at} is not UTF-8`);
      }
    },
    bytes(length) {
      need(length);
      at += length;
      return bytes.subarray(at - length, at);
    },
    skip(length) {
      need(length);
      at += length;
    },
  };
  return reader;
}

/** An unsigned LEB128 number. */
export function writeU32(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 0x80;
    rest = Math.floor(rest / 0x80);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return bytes;
}
