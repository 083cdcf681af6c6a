const BEAT_MS = 10_000;

/**
 * Says on stderr what is being done, that it still goes on, and how long it took.
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function progress(what, work) {
  const startedAt = performance.now();
  const elapsed = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
  process.stderr.write(`setup: ${what} …\n`);
  const beat = setInterval(() => process.stderr.write(`setup: ${what}, ${elapsed()} …\n`), BEAT_MS);
  try {
    const result = await work();
    process.stderr.write(`setup: ${what} done in ${elapsed()}\n`);
    return result;
  } finally {
    clearInterval(beat);
  }
}
