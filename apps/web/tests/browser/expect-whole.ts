import { join } from "node:path";
import { expect } from "vitest";
import { examineScreen } from "./examine-screen.ts";
import { type Look, PATIENCE_MS, type Tab } from "./open-browser.ts";

/** Pictures of every screen, for people to look at. */
export const SCREENSHOTS = join(import.meta.dirname, "..", "..", "screenshots");

/** Waits until nothing on a screen is on its way any more. */
export async function untilLoaded({ page }: Tab): Promise<void> {
  await expect.poll(() => page.locator(".shimmer").count(), { timeout: PATIENCE_MS }).toBe(0);
  await page.evaluate(() => document.fonts.ready);
}

/** Keeps a picture of a screen whose content has come, and expects that nothing is wrong with it. */
export async function expectWhole(tab: Tab, name: string, { theme, width }: Look): Promise<void> {
  const look = `${name}-${theme}-${width}`;
  await untilLoaded(tab);
  await tab.page.screenshot({ path: join(SCREENSHOTS, `${look}.png`), fullPage: true });
  expect(await examineScreen(tab.page), look).toEqual([]);
  expect(tab.problems, look).toEqual([]);
}
