import { settingNames, SettingsSchema } from "@stoa/protocol";
import { readSettings } from "@stoa/store";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";

/** `GET /api/v1/admin/settings`: what is set, null for what is as the configuration says. */
export function showSettings(app: App, { database }: HttpContext): void {
  app.get(
    "/admin/settings",
    { schema: { summary: "Show what is set beside the configuration", response: { 200: SettingsSchema } } },
    async () => {
      const settings = await readSettings(database);
      return Object.fromEntries(settingNames.map((name) => [name, settings[name] ?? null]));
    },
  );
}
