import type { Manifest } from "@stoa/protocol";
import type { AdmissionReport } from "@stoa/sandbox/admission";
import type { Money } from "../terminal/money.ts";
import { fields } from "../terminal/table.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { describeArtifact } from "./describe-artifact.ts";
import { grantsText } from "./grants-text.ts";

/** Tells what an agent asks of whoever runs it. */
export function tellAdmission(terminal: Terminal, manifest: Manifest, report: AdmissionReport, money: Money): void {
  const { artifact, limits, module } = report;
  const isRemote = artifact.kind === "remote";
  const { bold } = terminal.out;
  terminal.print(bold(`${manifest.name} ${manifest.version}`));
  terminal.print(
    fields(terminal.out, [
      ["offers", manifest.capabilities.join(", ")],
      ["artifact", describeArtifact(artifact)],
      ["imports", module ? module.imports.join(", ") || "nothing" : undefined],
      ["memory", isRemote ? undefined : memoryText(report)],
      ["time", `at most ${limits.timeMs / 1_000} s an execution${cpuText(limits.cpuMs)}`],
      ["fuel", limits.fuel === undefined ? undefined : `at most ${limits.fuel.toLocaleString("en")}: deterministic`],
      ["output", `at most ${kib(limits.outputBytes)}, log at most ${kib(limits.logBytes)}`],
      ["may use", grantsText(report)],
      ["royalty", `${money.format(manifest.royalty)} per execution`],
      ["licence", manifest.licence],
    ]),
  );
}

function memoryText({ limits, module }: AdmissionReport): string {
  return `at most ${limits.memoryMb} MB${module ? `, ${kib(module.memoryBytes)} at its start` : ""}`;
}

function cpuText(cpuMs: number | undefined): string {
  return cpuMs === undefined ? "" : `, ${cpuMs / 1_000} s of CPU`;
}

function kib(bytes: number): string {
  return `${Math.ceil(bytes / 102.4) / 10} KiB`;
}
