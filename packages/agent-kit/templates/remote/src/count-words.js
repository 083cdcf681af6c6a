/**
 * Words are what white space parts.
 * @param {string} text
 */
export function countWords(text) {
  return text.split(/[ \t\r\n]+/).filter((word) => word !== "").length;
}
