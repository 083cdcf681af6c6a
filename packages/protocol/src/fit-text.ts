/** Whether a text can be written as UTF-8 and kept in a database: no half of a surrogate pair, no NUL. */
function isFit(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

/**
 * Where a JSON value has text that nothing can store, as a JSON pointer.
 * @returns undefined when all of it can be stored
 * @example
 * findUnfitText({ name: "a\0b" }) // "/name"
 */
export function findUnfitText(value: unknown, pointer = ""): string | undefined {
  if (typeof value === "string") return isFit(value) ? undefined : pointer || "/";
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const found = isFit(key) ? findUnfitText(item, `${pointer}/${key}`) : `${pointer}/`;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The text with what nothing can store replaced by U+FFFD. */
export function toFitText(text: string): string {
  return isFit(text) ? text : text.toWellFormed().replaceAll("\0", "\uFFFD");
}
