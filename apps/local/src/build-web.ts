import { join } from "node:path";
import { runToEnd } from "./run-to-end.ts";
import { ROOT } from "./spawn-service.ts";

/** Builds the dashboard where its output is missing or was made of other sources. */
export function buildWeb(): Promise<void> {
  return runToEnd("the dashboard", join(ROOT, "apps", "web", "scripts", "build.ts"));
}
