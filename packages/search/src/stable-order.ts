/**
 * A number a name is put in order by among those that are otherwise equal: the same everywhere, quick to compare, and no
 * reason to call an agent "aaa" (FNV-1a).
 */
export function placeOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** Which of two names, with their places, comes first; negative for the first one. */
export function compareNames(a: { name: string; place: number }, b: { name: string; place: number }): number {
  return a.place - b.place || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}
