import { limits } from "@stoa/protocol";

/** Everything smaller costs a node the same. */
const SMALLEST = 1_024;
/** Classes to a doubling: a class is at most a quarter above the sizes in it. */
const TO_A_DOUBLING = 4;

/**
 * The size an input of so many bytes is quoted as: the upper end of its class, so that quotes about inputs of about one
 * size share one asking.
 * @example
 * sizeClass(5_000) // 5120
 */
export function sizeClass(bytes: number): number {
  if (bytes <= SMALLEST) return SMALLEST;
  const step = 2 ** Math.floor(Math.log2(bytes)) / TO_A_DOUBLING;
  return Math.min(limits.inputBytes, Math.ceil(bytes / step) * step);
}
