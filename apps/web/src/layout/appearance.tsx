import { Languages, Monitor, Moon, Sun } from "lucide-react";
import { type Language, languages, speak } from "../text/i18n.ts";
import { useText } from "../text/use-text.ts";
import { chooseTheme, themes, useTheme } from "../theme/theme.ts";

const icons = { system: Monitor, light: Sun, dark: Moon } as const;

/** The theme and the language, each kept for the next visit. */
export function Appearance() {
  const { t, language } = useText();
  const theme = useTheme();
  return (
    <div className="flex items-center gap-2">
      <div role="group" aria-label={t("theme.name")} className="flex rounded-lg border bg-surface p-0.5">
        {themes.map((name) => {
          const Icon = icons[name];
          return (
            <button
              key={name}
              type="button"
              aria-pressed={theme === name}
              aria-label={t(`theme.${name}`)}
              title={t(`theme.${name}`)}
              onClick={() => chooseTheme(name)}
              className="grid size-7 place-items-center rounded-md text-quiet hover:text-ink aria-pressed:bg-sea-soft aria-pressed:text-sea"
            >
              <Icon className="size-4" aria-hidden />
            </button>
          );
        })}
      </div>
      <label className="flex min-w-0 items-center gap-1 text-sm text-quiet">
        <Languages className="size-4" aria-hidden />
        <span className="sr-only">{t("language")}</span>
        <select
          value={language}
          onChange={({ target }) => void speak(target.value as Language)}
          className="min-w-0 rounded-md bg-transparent py-1 text-ink"
        >
          {Object.entries(languages).map(([tag, name]) => (
            <option key={tag} value={tag} lang={tag}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
