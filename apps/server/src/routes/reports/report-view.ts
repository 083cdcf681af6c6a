import type { Report } from "@stoa/protocol";
import type { ReportRow } from "@stoa/store";
import { toIso, toIsoOrNull } from "../../http/pagination.ts";

/** A report as its reporter and admins see it. */
export function reportView({ at, resolvedAt, ...report }: ReportRow): Report {
  return { ...report, at: toIso(at), resolvedAt: toIsoOrNull(resolvedAt) };
}
