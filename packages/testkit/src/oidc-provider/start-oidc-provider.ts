import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { freePort } from "@stoa/host";

/** A provider of OpenID Connect, of a test's own. */
export interface TestOidcProvider extends AsyncDisposable {
  issuer: string;
  clientId: string;
  clientSecret: string;
}

/** Starts node-oidc-provider, which is certified, for one client. */
export async function startOidcProvider(options: { redirectUri: string; port?: number }): Promise<TestOidcProvider> {
  const port = options.port ?? (await freePort());
  const clientSecret = "a secret of the test's client";
  const child = fork(join(import.meta.dirname, "main.ts"), [String(port), options.redirectUri, clientSecret], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let log = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (log += text));
  const exited = once(child, "exit");
  const started = await Promise.race([once(child, "message").then(() => true), exited.then(() => false)]);
  if (!started) throw new Error(`the OpenID provider did not start: ${log.trim()}`);
  return {
    issuer: `http://127.0.0.1:${port}`,
    clientId: "stoa",
    clientSecret,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
