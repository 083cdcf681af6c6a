/** Processor time of some samples; a busy machine changes it less than the clock. */
const SAMPLES = 5;

/** The operating system counts in ticks of milliseconds: a sample is as many runs as take this long. */
const SAMPLE_MS = 40;

function cpuOf(run: () => void): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

/**
 * The median processor time of one run, in milliseconds, compiling and collecting garbage included.
 * @param prepare makes what a run works on, outside the measure
 */
export function medianCpuMs<T>(prepare: () => T, run: (prepared: T) => unknown): number {
  const once = (count: number) => {
    const prepared = Array.from({ length: count }, prepare);
    return cpuOf(() => prepared.forEach(run)) / count;
  };
  // Warm up until a sample's size is known: the first runs are the compiler's.
  let count = 1;
  for (let ms = once(1); ms * count < SAMPLE_MS && count < 64; ms = once(count)) count *= 2;
  const samples = Array.from({ length: SAMPLES }, () => once(count)).sort((a, b) => a - b);
  return samples[SAMPLES >> 1]!;
}
