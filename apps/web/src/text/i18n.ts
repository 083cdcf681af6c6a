import i18next, { type i18n } from "i18next";
import en from "./en.json" with { type: "json" };

export const languages = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof languages;

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "text";
    resources: { text: typeof en };
  }
}

const KEPT_AS = "stoa.language";

/** The messages; languages other than English come when they are chosen. */
export const text: i18n = i18next.createInstance();

await text.init({
  lng: "en",
  fallbackLng: "en",
  defaultNS: "text",
  ns: ["text"],
  resources: { en: { text: en } },
  interpolation: { escapeValue: false },
});

/** Shows every text in this language from now on, and at the next visit. */
export async function speak(language: Language, { keep = true } = {}): Promise<void> {
  if (language === "de" && !text.hasResourceBundle("de", "text")) {
    const { default: de } = await import("./de.json", { with: { type: "json" } });
    text.addResourceBundle("de", "text", de);
  }
  document.documentElement.lang = language;
  document.documentElement.dir = text.dir(language);
  if (keep) localStorage.setItem(KEPT_AS, language);
  await text.changeLanguage(language);
}

/** The language chosen before, else the first one the browser asks for that there is. */
export function preferredLanguage(): Language {
  const wanted = [localStorage.getItem(KEPT_AS), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return wanted.find((tag): tag is Language => tag !== null && Object.hasOwn(languages, tag)) ?? "en";
}
