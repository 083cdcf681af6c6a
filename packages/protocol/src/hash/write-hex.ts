const NO_DIGIT = 0xff;
const digits = new Uint8Array(128).fill(NO_DIGIT);
for (let value = 0; value < 16; value += 1) {
  const digit = value.toString(16);
  digits[digit.charCodeAt(0)] = digits[digit.toUpperCase().charCodeAt(0)] = value;
}

/**
 * Writes `size` bytes of 0x-prefixed hex at a place.
 * @returns false when the text is not exactly that; what was written then is of no use
 * @example
 * const bytes = new Uint8Array(2);
 * writeHex("0x0aff", 2, bytes, 0) // true
 */
export function writeHex(text: unknown, size: number, bytes: Uint8Array, at: number): boolean {
  if (typeof text !== "string" || text.length !== 2 + 2 * size || !text.startsWith("0x")) return false;
  let faults = 0;
  for (let byte = 0; byte < size; byte += 1) {
    const high = digits[text.charCodeAt(2 + 2 * byte)] ?? NO_DIGIT;
    const low = digits[text.charCodeAt(3 + 2 * byte)] ?? NO_DIGIT;
    faults |= high | low;
    bytes[at + byte] = (high << 4) | low;
  }
  return faults < 16;
}
