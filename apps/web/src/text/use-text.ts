import type { TFunction } from "i18next";
import { useSyncExternalStore } from "react";
import { type Language, text } from "./i18n.ts";

function subscribe(onChange: () => void): () => void {
  text.on("languageChanged", onChange);
  return () => text.off("languageChanged", onChange);
}

/** The texts in the language of now; a component that calls it is drawn again when that changes. */
export function useText(): { t: TFunction; language: Language } {
  const language = useSyncExternalStore(subscribe, () => text.language as Language);
  return { t: text.t, language };
}
