export type ColumnType = "integer" | "number" | "boolean" | "date" | "text" | "empty";

const MISSING = new Set(["", "na", "n/a", "nan", "null", "none", "nil", "-", "--", "?", "#n/a", "missing"]);
const BOOLEANS = new Set(["true", "false", "yes", "no", "y", "n", "t", "f"]);
/** A leading zero, as in a postcode or a telephone number, is a text's. */
const INTEGER = /^[+-]?(?:0|[1-9]\d{0,17})$/;
const NUMBER = /^[+-]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/;
const GROUPED = /^[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/;
/** As much of the column as must be of a type for the column to be of it. */
const AGREEMENT = 0.95;

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** True for what stands for "no value" in files of this kind. */
export function isMissing(value: string): boolean {
  return MISSING.has(value.trim().toLowerCase());
}

/** Reads a number, with thousands separators too; `undefined` when it is none. */
export function readNumber(value: string): number | undefined {
  const text = value.trim();
  if (NUMBER.test(text) || INTEGER.test(text)) return Number(text);
  return GROUPED.test(text) ? Number(text.replaceAll(",", "")) : undefined;
}

function instant(year: number, month: number, day: number, time: string | undefined): number | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  if (month < 1 || month > 12 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = (time ?? "").split(":").map(Number);
  if (!(hours < 24 && minutes < 60 && seconds < 61)) return undefined;
  return date.getTime() + ((hours * 60 + minutes) * 60 + seconds) * 1_000;
}

/** How dates with slashes or points put day and month: a column decides once for all its values. */
export type DayOrder = "day-first" | "month-first";

/** Reads a date, with a time when it has one, as milliseconds since 1970 in UTC; `undefined` when it is none. */
export function readDate(value: string, order: DayOrder): number | undefined {
  const text = value.trim();
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/.exec(
    text,
  );
  if (iso) {
    const at = instant(Number(iso[1]), Number(iso[2]), Number(iso[3]), iso[4]);
    if (at === undefined || iso[5] === undefined || iso[5] === "Z") return at;
    const offset = Number(iso[5].slice(1, 3)) * 60 + Number(iso[5].slice(-2));
    return at - (iso[5].startsWith("-") ? -1 : 1) * offset * 60_000;
  }
  const numeric = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?: (\d{1,2}:\d{2}(?::\d{2})?))?$/.exec(text);
  if (numeric) {
    const [first, second] = [Number(numeric[1]), Number(numeric[3])];
    const [day, month] = order === "day-first" ? [first, second] : [second, first];
    return instant(Number(numeric[4]), month, day, numeric[5]);
  }
  const named = /^(?:(\d{1,2})[ -])?([A-Za-z]{3})[a-z]*\.?[ -](?:(\d{1,2}),? )?(\d{4})$/.exec(text);
  const day = named?.[1] ?? named?.[3];
  return named && day
    ? instant(Number(named[4]), MONTHS.indexOf(named[2]!.toLowerCase()) + 1, Number(day), undefined)
    : undefined;
}

/** Day first when some value leaves no other reading, or when it is written with points as in most of Europe. */
export function dayOrderOf(values: readonly string[]): DayOrder {
  let order: DayOrder = "month-first";
  for (const value of values) {
    const match = /^\s*(\d{1,2})([/.-])(\d{1,2})\2\d{4}\b/.exec(value);
    if (!match) continue;
    if (Number(match[3]) > 12) return "month-first";
    if (Number(match[1]) > 12 || match[2] === ".") order = "day-first";
  }
  return order;
}

/** The narrowest type nearly all present values of a column have. */
export function inferType(values: readonly string[]): ColumnType {
  if (values.length === 0) return "empty";
  const needed = values.length * AGREEMENT;
  const count = (fits: (value: string) => boolean) => values.reduce((sum, value) => sum + (fits(value) ? 1 : 0), 0);
  if (count((value) => BOOLEANS.has(value.trim().toLowerCase())) >= needed) return "boolean";
  if (count((value) => readNumber(value) !== undefined) >= needed) {
    const whole = count((value) => readNumber(value) === undefined || Number.isInteger(readNumber(value)));
    return whole === values.length && !values.some((value) => /[.eE]/.test(value)) ? "integer" : "number";
  }
  const order = dayOrderOf(values);
  return count((value) => readDate(value, order) !== undefined) >= needed ? "date" : "text";
}
