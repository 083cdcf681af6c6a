import type { Market } from "@stoa/market";
import type { Settings } from "@stoa/protocol";
import { type Database, readSettings } from "@stoa/store";
import type { Logger } from "pino";

/** What is set beside the configuration, as this server knows it now. */
export interface LiveSettings {
  current(): Settings;
  /** Reads them now: whoever changed one is answered when this server goes by it. */
  refresh(): Promise<void>;
}

/** Reads the settings, and again whenever the market's log says that one has changed, by whatever server. */
export async function followSettings(
  database: Database,
  events: Market["events"],
  log: Logger,
): Promise<LiveSettings & Disposable> {
  let settings = await readSettings(database);
  const refresh = async () => {
    settings = await readSettings(database);
  };
  function read(): void {
    refresh().catch((error: unknown) =>
      log.warn({ err: error }, "the settings could not be read; those before stay in force"),
    );
  }
  const unsubscribe = [
    events.onAppended((appended) => appended.some(({ type }) => type === "system.setting_changed") && read()),
    events.onGap(read),
  ];
  return {
    current: () => settings,
    refresh,
    [Symbol.dispose]: () => unsubscribe.forEach((stop) => stop()),
  };
}
