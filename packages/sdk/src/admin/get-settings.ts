import type { SettingName, Settings } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** What is set beside the configuration; null for what is not. */
export function getSettings(
  connection: Connection,
): Promise<{ [Name in SettingName]: NonNullable<Settings[Name]> | null }> {
  return requestJson(connection, "/admin/settings");
}
