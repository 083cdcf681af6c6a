/**
 * A length of time in the reader's language, in its largest unit.
 * @example
 * writeDuration(90, "en") // "1.5 min"
 */
export function writeDuration(seconds: number, language: string): string {
  const [unit, size] =
    seconds >= 86_400
      ? (["day", 86_400] as const)
      : seconds >= 3_600
        ? (["hour", 3_600] as const)
        : seconds >= 60
          ? (["minute", 60] as const)
          : (["second", 1] as const);
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit,
    unitDisplay: "short",
    maximumFractionDigits: seconds < 10 ? 2 : 1,
  }).format(seconds / size);
}
