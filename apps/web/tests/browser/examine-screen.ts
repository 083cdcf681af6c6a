import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  id: string;
  nodes: { target: unknown; failureSummary: string }[];
}

/** Cumulative layout shift that nobody notices. */
const MOST_SHIFT = 0.02;

/** What is wrong with a screen as it stands: for who cannot see it, and for who can. */
export async function examineScreen(page: Page): Promise<string[]> {
  return [...(await axeProblems(page)), ...(await layoutProblems(page))];
}

async function axeProblems(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    return (await axe.run()).violations;
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${JSON.stringify(target)} ${failureSummary}`),
  );
}

/** What moved by itself since the screen was opened. */
export async function shiftsOf(page: Page): Promise<string[]> {
  const { sum, worst } = await page.evaluate(async () => {
    interface Shift extends PerformanceEntry {
      value: number;
      hadRecentInput: boolean;
      sources: { node?: Element }[];
    }
    const entries = await new Promise<Shift[]>((resolve) => {
      const found: Shift[] = [];
      const observer = new PerformanceObserver((list) => found.push(...(list.getEntries() as Shift[])));
      observer.observe({ type: "layout-shift", buffered: true });
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(found)));
    });
    const own = entries.filter(({ hadRecentInput }) => !hadRecentInput);
    const worst = own
      .toSorted((a, b) => b.value - a.value)[0]
      ?.sources.map(({ node }) => node?.outerHTML?.slice(0, 120));
    return { sum: own.reduce((sum, { value }) => sum + value, 0), worst };
  });
  return sum < MOST_SHIFT ? [] : [`moved by ${sum.toFixed(3)}: ${JSON.stringify(worst)}`];
}

/** Text that was drawn without width, and screens that must be scrolled sideways. */
export function layoutProblems(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) {
      const wide = [...document.querySelectorAll("main *")].filter(
        (element) => element.getBoundingClientRect().right > clientWidth + 1,
      );
      found.push(`wider than the window by ${scrollWidth - clientWidth} px: ${wide.at(-1)?.outerHTML.slice(0, 200)}`);
    }
    for (const element of document.querySelectorAll("h1, h2, h3, dt, dd, button, a, td, th, label")) {
      if (!element.checkVisibility() || !element.textContent?.trim()) continue;
      // What is for readers of the screen alone is a clipped point on purpose.
      if (getComputedStyle(element).position === "absolute") continue;
      const { width } = element.getBoundingClientRect();
      if (width < 2) found.push(`text without width: ${element.outerHTML.slice(0, 200)}`);
    }
    return found;
  });
}
