import { detectContainment, type RunnerTrial, sandboxReport, tryRunners } from "@stoa/sandbox";
import type { Finding } from "./finding.ts";

const INSTALL_BWRAP = "install bubblewrap, on Debian with `apt install bubblewrap`";

/** Finds out what holds an agent in on this host, by trying, and runs one of each kind in it. */
export async function examineSandbox(): Promise<Finding[]> {
  const containment = await detectContainment();
  const { contained, notContained } = sandboxReport(containment);
  const trials = await tryRunners(containment);
  return [
    ...trials.map(tellTrial),
    ...contained.map((text): Finding => ({ subject: "held back from", state: "good", text })),
    ...notContained.map((text): Finding => ({
      subject: "not held back",
      state: "weak",
      text,
      ...(text.includes("bwrap") && process.platform === "linux" && { remedy: INSTALL_BWRAP }),
    })),
  ];
}

function tellTrial(trial: RunnerTrial): Finding {
  const subject = `${trial.kind} agents`;
  if ("problem" in trial) return { subject, state: "bad", text: trial.problem };
  const { coldMs, warmMs } = trial;
  return { subject, state: "good", text: `one ran in ${coldMs.toFixed(0)} ms, again in ${warmMs.toFixed(1)} ms` };
}
