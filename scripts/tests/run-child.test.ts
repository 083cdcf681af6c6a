import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const launch = join(import.meta.dirname, "../run/launch.mjs");

/** The program that runs a script the way `scripts/run.mjs` does, without installing anything. */
function launching(source: string): string {
  const script = `data:text/javascript,${encodeURIComponent(source)}`;
  return `
    const { launch } = await import(${JSON.stringify(launch)});
    await launch("/nowhere", process.execPath, "--input-type=module", ["-e", ${JSON.stringify(`await import(${JSON.stringify(script)})`)}]);
  `;
}

function launched(source: string) {
  const child = spawn(process.execPath, ["--input-type=module", "-e", launching(source)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return { child, exit: once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]> };
}

test("the script's exit code is ours", async () => {
  expect(await launched("process.exitCode = 7").exit).toEqual([7, null]);
});

test("a signal that reaches only us is passed on once, and a script that drains ends in its own way", async () => {
  const { child, exit } = launched(`
    let seen = 0;
    const beat = setInterval(() => {}, 1000);
    process.on("SIGTERM", () => { seen += 1; if (seen === 1) setTimeout(() => { clearInterval(beat); process.exitCode = 40 + seen; }, 300); });
    console.log("ready");
  `);
  await once(child.stdout, "data");
  child.kill("SIGTERM");
  child.kill("SIGTERM");
  expect(await exit).toEqual([41, null]);
});

test("a script ended by a signal ends us by the same signal", async () => {
  expect(await launched('process.kill(process.pid, "SIGTERM")').exit).toEqual([null, "SIGTERM"]);
});

test.skipIf(process.platform === "win32")("a script drains when the npm that started it is terminated", async () => {
  const drain = `
    const beat = setInterval(() => {}, 1000);
    process.on("SIGTERM", () => { clearInterval(beat); console.log("drained"); });
    console.log("ready");
  `;
  const env = { ...process.env, npm_lifecycle_event: "start", NODE: process.execPath, PROGRAM: launching(drain) };
  const shell = spawn("sh", ["-c", '"$NODE" --input-type=module -e "$PROGRAM"; true'], {
    stdio: ["ignore", "pipe", "inherit"],
    env,
  });
  const output = shell.stdout.setEncoding("utf8");
  expect(await once(output, "data")).toEqual(["ready\n"]);
  shell.kill("SIGKILL");
  expect(await once(output, "data")).toEqual(["drained\n"]);
  await once(output, "close");
});
