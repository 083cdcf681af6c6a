/** Bounds that both sides of a wire check. Each is published at `GET /api/v1/market`. */
export const limits = {
  /** Largest task input or result, in bytes of canonical JSON. */
  inputBytes: 1 << 20,
  outputBytes: 1 << 20,
  /** Largest log of one execution, in bytes. */
  logBytes: 256 << 10,
  /** Largest artifact that is a module or script, in bytes. */
  artifactBytes: 16 << 20,
  /** Largest archive of a container image, in bytes. */
  imageBytes: 64 << 20,
  manifestBytes: 64 << 10,
  /** Most tasks one round clears. */
  tasksPerRound: 1_000,
  /** Most tasks one task may order in its turn. */
  subtasksPerTask: 64,
  /** Highest platform fee any contract accepts: 10 %. */
  maxFeeBps: 1_000,
} as const;
