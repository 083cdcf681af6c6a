import { expect, test } from "vitest";
import { completeLock } from "./complete-lock.ts";

const lockOf = (optionalDependencies: Record<string, string>) => ({
  packages: { "node_modules/tool": { version: "1.2.3", dev: true, optionalDependencies } },
});

test("a build for a platform the registry lacked gets its entry", () => {
  const lock = lockOf({ "@tool/binding-linux-x64-musl": "1.2.3", "@tool/win32-amd64": "1.2.3" });
  expect(completeLock(lock)).toEqual(["@tool/binding-linux-x64-musl@1.2.3", "@tool/win32-amd64@1.2.3"]);
  expect(lock.packages).toMatchObject({
    "node_modules/@tool/binding-linux-x64-musl": {
      version: "1.2.3",
      cpu: ["x64"],
      dev: true,
      libc: ["musl"],
      optional: true,
      os: ["linux"],
    },
    "node_modules/@tool/win32-amd64": { version: "1.2.3", cpu: ["x64"], dev: true, optional: true, os: ["win32"] },
  });
});

test("a complete lock file is left as it is", () => {
  const lock = lockOf({ "@tool/linux-arm64": "1.2.3" });
  completeLock(lock);
  const before = JSON.stringify(lock);
  expect(completeLock(lock)).toEqual([]);
  expect(JSON.stringify(lock)).toBe(before);
});

test("what is optional for another reason, or named by a range, is left to npm", () => {
  expect(completeLock(lockOf({ fsevents: "2.3.3", "@tool/linux-x64": "^1.0.0" }))).toEqual([]);
});
