export type Path = readonly (string | number)[];

type Container = Record<string | number, unknown>;

/** Every scalar of a JSON value with its path. */
export function leavesOf(value: unknown, path: Path = []): { path: Path; value: unknown }[] {
  if (typeof value !== "object" || value === null) return [{ path, value }];
  return Object.entries(value).flatMap(([key, part]) =>
    leavesOf(part, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/** A copy with the part at the path changed. */
export function withLeaf<Value>(whole: Value, path: Path, change: (value: unknown) => unknown): Value {
  const box = { whole: structuredClone(whole) as unknown };
  const keys: Path = ["whole", ...path];
  const parent = keys.slice(0, -1).reduce((part, key) => part[key] as Container, box as Container);
  const last = keys.at(-1)!;
  parent[last] = change(parent[last]);
  return box.whole as Value;
}

/** Another value of the same look. */
export function bend(value: unknown, at: number): unknown {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value + 1;
  if (value === null) return {};
  const text = value as string;
  const digits = text
    .split("")
    .flatMap((char, index) => (/[0-9]/.test(char) && !(text.startsWith("0x") && index < 2) ? [index] : []));
  if (digits.length === 0) return `${text}x`;
  const index = digits[at % digits.length]!;
  return text.slice(0, index) + ((Number(text[index]) % 9) + 1) + text.slice(index + 1);
}

/** Other scalars to stand in a scalar's place: near ones, and ones of another kind. */
function otherScalars(value: unknown): unknown[] {
  if (typeof value === "boolean") return [!value, null];
  if (typeof value === "number") return [value + 1, value - 1, String(value), null];
  if (value === null) return [{}, false, "0"];
  const text = value as string;
  const flipped = text.replace(/(?<=.)[a-zA-Z](?=[^a-zA-Z]*$)/, (char) =>
    char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase(),
  );
  return [bend(text, 0), bend(text, 7), flipped, `${text}0`, text.slice(0, -1), "", null];
}

/** What stands at the path, in every other way it could stand there after one small alteration. */
function* otherValues(value: unknown): Generator<readonly [what: string, value: unknown]> {
  if (typeof value !== "object" || value === null) {
    for (const other of otherScalars(value)) yield [`made ${JSON.stringify(other)}`, other];
    return;
  }
  if (Array.isArray(value)) {
    for (const [at, part] of value.entries()) {
      yield [`without ${at}`, value.toSpliced(at, 1)];
      yield [`with ${at} twice`, value.toSpliced(at, 0, part)];
      if (at > 0) yield [`with ${at} before ${at - 1}`, value.toSpliced(at - 1, 2, part, value[at - 1])];
    }
    yield ["with one more", [...(value as unknown[]), {}]];
    return;
  }
  for (const key of Object.keys(value))
    yield [`without ${key}`, Object.fromEntries(Object.entries(value).filter(([other]) => other !== key))];
  yield ["with a key more", { ...value, more: null }];
  // As JSON text can say it: an own key that assignment would lose.
  yield ["with a prototype", JSON.parse(JSON.stringify({ ...value, PROTO: {} }).replace("PROTO", "__proto__"))];
}

/**
 * Every small alteration of a JSON value: each scalar made another, each element of a list left out, doubled or put
 * before its neighbour, each key left out or another added.
 */
export function* alterations<Value>(
  whole: Value,
  path: Path = [],
): Generator<{ path: Path; what: string; altered: Value }> {
  const part = path.reduce((at, key) => (at as Container)[key], whole as unknown);
  for (const [what, other] of otherValues(part)) yield { path, what, altered: withLeaf(whole, path, () => other) };
  if (typeof part !== "object" || part === null) return;
  for (const key of Object.keys(part)) yield* alterations(whole, [...path, Array.isArray(part) ? Number(key) : key]);
}
