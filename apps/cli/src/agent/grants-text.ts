import type { Manifest } from "@stoa/protocol";
import type { AdmissionReport } from "@stoa/sandbox/admission";

/** What an agent may reach outside its sandbox, in words. */
export function grantsText({
  artifact,
  grants: { keyValue, llm, http = [], subtasks = [] },
}: Pick<Manifest | AdmissionReport, "artifact" | "grants">): string {
  if (artifact.kind === "remote") return "whatever its endpoint can: no sandbox holds it";
  const granted = [
    ...(keyValue ? ["its own key-value store"] : []),
    ...(llm ? [`the models ${llm.models.join(", ")} with ${llm.tokens.toLocaleString("en")} tokens`] : []),
    ...(http.length > 0 ? [`HTTP to ${http.join(", ")}`] : []),
    ...(subtasks.length > 0 ? [`other agents for ${subtasks.join(", ")}`] : []),
  ];
  return granted.join("; ") || "nothing outside its sandbox";
}
