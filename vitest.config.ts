import { defineConfig } from "vitest/config";

const exclude = ["**/node_modules/**", "**/build/**", "**/dist/**", "packages/agent-kit/templates/**"];
const rooms = "{packages,apps,contracts,examples,bench,scripts}";

export default defineConfig({
  test: {
    teardownTimeout: 10_000,
    projects: [
      {
        test: {
          // Decisions without I/O, beside their source: one thread pool, modules loaded once.
          name: "pure",
          include: [`${rooms}/**/*.test.ts`],
          exclude: [...exclude, "**/tests/**"],
          pool: "threads",
          isolate: false,
          sequence: { groupOrder: 0 },
          testTimeout: 60_000,
        },
      },
      {
        test: {
          // Real processes, databases, chains and sockets: a process per file, two at a time.
          name: "service",
          include: [`${rooms}/**/tests/**/*.test.ts`],
          exclude,
          pool: "forks",
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
