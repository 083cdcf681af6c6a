import type { SettingName, Settings } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Changes a setting; null goes back to what the configuration says. */
export function changeSetting(
  connection: Connection,
  name: SettingName,
  body: { value: Settings[SettingName] | null; reason: string },
): Promise<{ [Name in SettingName]: NonNullable<Settings[Name]> | null }> {
  return requestJson(connection, `/admin/settings/${name}`, { method: "PUT", body });
}
