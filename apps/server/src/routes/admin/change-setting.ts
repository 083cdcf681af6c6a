import {
  ChangeSettingSchema,
  type Json,
  schemaProblem,
  SettingNameSchema,
  settingNames,
  settingSchemas,
  SettingsSchema,
  StoaError,
} from "@stoa/protocol";
import { readSettings } from "@stoa/store";
import Type from "typebox";
import type { App } from "../../http/app.ts";
import { actorOf } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";

const ParamsSchema = Type.Object({ name: SettingNameSchema });

/** `PUT /api/v1/admin/settings/:name`: changes a setting; null goes back to what the configuration says. */
export function changeSetting(app: App, { database, market, settings: live }: HttpContext): void {
  app.put(
    "/admin/settings/:name",
    {
      schema: {
        summary: "Change a setting",
        params: ParamsSchema,
        body: ChangeSettingSchema,
        response: { 200: SettingsSchema },
      },
    },
    async (request) => {
      const { name } = request.params;
      const { value, reason } = request.body;
      const problem = value === null ? null : schemaProblem(settingSchemas[name], value);
      if (problem !== null) throw new StoaError("invalid_request", `body /value: ${problem}`);
      await market.changeSetting({ name, value: value as Json, actor: actorOf(request), reason });
      await live.refresh();
      const settings = await readSettings(database);
      return Object.fromEntries(settingNames.map((known) => [known, settings[known] ?? null]));
    },
  );
}
