import type { Json, SettingName } from "@stoa/protocol";
import { appendAudit } from "@stoa/store";
import type { MarketContext } from "../context.ts";
import type { Overseer } from "./overseer.ts";

/** Changes what the market runs by; null goes back to what the configuration says. The audit log keeps both values. */
export function changeSetting(
  { lane }: MarketContext,
  { name, value, actor, reason }: Overseer & { name: SettingName; value: Json },
): Promise<void> {
  let before: Json = null;
  return lane.run({
    name: "change-setting",
    owns: [`setting:${name}`],
    async load(tx) {
      const [row] = await tx.query<{ value: Json }>("select value from settings where name = $1", [name]);
      before = row?.value ?? null;
    },
    decide(set) {
      set.defer(async (tx) => {
        if (value === null) await tx.query("delete from settings where name = $1", [name]);
        else
          await tx.query(
            `insert into settings (name, value, changed_at) values ($1, $2::jsonb, $3::timestamptz)
             on conflict (name) do update set value = excluded.value, changed_at = excluded.changed_at`,
            [name, JSON.stringify(value), new Date(set.now).toISOString()],
          );
        const details = { from: before, to: value };
        await appendAudit(tx, { actor, action: "setting.change", subject: name, reason, details, at: set.now });
      });
      set.emit({ type: "system.setting_changed", audience: null, data: { name } });
    },
  });
}
