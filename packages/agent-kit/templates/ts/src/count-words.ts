/** Words are what white space parts. */
export function countWords(text: string): number {
  return text.split(/[ \t\r\n]+/).filter((word) => word !== "").length;
}
