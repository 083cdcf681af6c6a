import type { Database, Queryable } from "@stoa/store";

/** Turns of the event loop without a query after which nothing more is on its way to the lane. */
const QUIET_TURNS = 50;

/** A database whose transactions can be held back, so that what comes before them is timed apart. */
export interface GatedDatabase {
  database: Database;
  close(): void;
  open(): void;
  /** Resolves when all that runs outside transactions is done. */
  quiet(): Promise<void>;
}

/** Puts a gate before a database's transactions; everything else goes straight through. */
export function gateDatabase(inner: Database): GatedDatabase {
  let gate = Promise.withResolvers<void>();
  gate.resolve();
  let underWay = 0;
  const query: Queryable["query"] = async (text, params) => {
    underWay += 1;
    try {
      return await inner.query(text, params);
    } finally {
      underWay -= 1;
    }
  };
  return {
    database: {
      kind: inner.kind,
      query,
      listen: (channel, heard) => inner.listen(channel, heard),
      tryLease: (name) => inner.tryLease(name),
      script: (text) => inner.script(text),
      async transaction(work) {
        await gate.promise;
        return inner.transaction(work);
      },
      close: () => inner.close(),
      [Symbol.asyncDispose]: () => inner.close(),
    },
    close: () => void (gate = Promise.withResolvers()),
    open: () => gate.resolve(),
    async quiet() {
      for (let turns = 0; turns < QUIET_TURNS; turns += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        if (underWay > 0) turns = 0;
      }
    },
  };
}
