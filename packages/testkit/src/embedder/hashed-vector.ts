/** Numbers of a vector, unless told otherwise. */
export const DIMENSIONS = 384;

/**
 * A text's vector: its words and their groups of three letters, each hashed to a place and a sign. Texts that share many
 * are near to one another.
 * @see Weinberger et al., "Feature hashing for large scale multitask learning" (2009)
 */
export function hashedVector(text: string, dimensions = DIMENSIONS): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    add(vector, word, 1);
    const padded = `^${word}$`;
    for (let at = 0; at + 3 <= padded.length; at += 1) add(vector, padded.slice(at, at + 3), 0.5);
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((number) => number / length);
}

function add(vector: Float32Array, feature: string, weight: number): void {
  const hash = hashOf(feature);
  vector[(hash >>> 1) % vector.length]! += (hash & 1) === 0 ? weight : -weight;
}

/** FNV-1a, mixed once more: neighbouring words must not land on neighbouring places. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
