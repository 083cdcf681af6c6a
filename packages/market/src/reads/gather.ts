/** Most keys one statement asks for. */
const MAX_KEYS = 1_000;

interface Waiting<Value> {
  resolve(value: Value | undefined): void;
  reject(error: unknown): void;
}

/**
 * Reads by key, many callers' keys in one statement: all that ask within a turn of the event loop share it.
 * @param read the values there are, by key; a key without one is left out
 */
export function gather<Value>(
  read: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
): (key: string) => Promise<Value | undefined> {
  let waiting = new Map<string, Waiting<Value>[]>();

  async function flush(): Promise<void> {
    const asked = [...waiting];
    waiting = new Map();
    for (let from = 0; from < asked.length; from += MAX_KEYS) {
      const part = asked.slice(from, from + MAX_KEYS);
      try {
        const values = await read(part.map(([key]) => key));
        for (const [key, callers] of part) for (const caller of callers) caller.resolve(values.get(key));
      } catch (error) {
        for (const [, callers] of part) for (const caller of callers) caller.reject(error);
      }
    }
  }

  return (key) =>
    new Promise((resolve, reject) => {
      if (waiting.size === 0) setImmediate(() => void flush());
      const caller = { resolve, reject };
      const callers = waiting.get(key);
      if (callers) callers.push(caller);
      else waiting.set(key, [caller]);
    });
}
