/** Writing systems the agent knows; the last of them belong to one language each. */
export const NONE = -1;
export const LATIN = 0;
export const CYRILLIC = 1;
export const ARABIC = 2;
export const GREEK = 3;
export const HEBREW = 4;
export const DEVANAGARI = 5;
export const BENGALI = 6;
export const TAMIL = 7;
export const THAI = 8;
export const HANGUL = 9;
export const KANA = 10;
export const HAN = 11;
export const SCRIPT_COUNT = 12;

/** Names of the scripts several languages share, as the table has them. */
export const SHARED: string[] = ["Latin", "Cyrillic", "Arabic"];
/** For the other scripts, the language most written in it. */
export const ONLY_CODES: string[] = ["", "", "", "el", "he", "hi", "bn", "ta", "th", "ko", "ja", "zh"];
export const ONLY_NAMES: string[] = [
  "",
  "",
  "",
  "Greek",
  "Hebrew",
  "Hindi",
  "Bengali",
  "Tamil",
  "Thai",
  "Korean",
  "Japanese",
  "Chinese",
];

function within(code: i32, from: i32, to: i32): bool {
  return code >= from && code <= to;
}

/** The script a letter belongs to, NONE for what is no letter of a known one. */
export function scriptOf(code: i32): i32 {
  if (within(code, 0x61, 0x7a) || within(code, 0x41, 0x5a)) return LATIN;
  if (code < 0xc0) return code == 0xaa || code == 0xba ? LATIN : NONE;
  if (within(code, 0xc0, 0x24f)) return code == 0xd7 || code == 0xf7 ? NONE : LATIN;
  if (within(code, 0x1e00, 0x1eff)) return LATIN;
  if (within(code, 0x370, 0x3ff) || within(code, 0x1f00, 0x1fff)) return GREEK;
  if (within(code, 0x400, 0x481) || within(code, 0x48a, 0x52f)) return CYRILLIC;
  if (within(code, 0x5d0, 0x5ea)) return HEBREW;
  if (within(code, 0x620, 0x64a) || within(code, 0x66e, 0x6d3) || within(code, 0x6fa, 0x6fc)) return ARABIC;
  if (within(code, 0x900, 0x963)) return DEVANAGARI;
  if (within(code, 0x980, 0x9e3)) return BENGALI;
  if (within(code, 0xb80, 0xbcf)) return TAMIL;
  if (within(code, 0xe01, 0xe4e)) return THAI;
  if (within(code, 0xac00, 0xd7a3) || within(code, 0x1100, 0x11ff)) return HANGUL;
  if (within(code, 0x3041, 0x30ff)) return KANA;
  if (within(code, 0x4e00, 0x9fff) || within(code, 0x3400, 0x4dbf)) return HAN;
  return NONE;
}
