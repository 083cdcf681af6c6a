import { type Browser as Chromium, type BrowserContext, chromium, type Page } from "playwright-core";
import { findBrowser } from "./find-browser.ts";

/** How long anything of a screen may take on a machine that is busy with other tests. */
export const PATIENCE_MS = 60_000;

export interface Look {
  theme: "light" | "dark";
  width: number;
  language?: "en" | "de";
}

/** A tab of its own session, which remembers what went wrong in it. */
export interface Tab extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors on the console, uncaught ones, requests that failed or were refused. */
  readonly problems: string[];
}

export interface Browser extends AsyncDisposable {
  open(look: Look): Promise<Tab>;
}

const HEIGHT = 900;

export async function openBrowser(): Promise<Browser> {
  const { executablePath, env, args } = await findBrowser();
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== undefined));
  const chromiumAtWork: Chromium = await chromium.launch({
    executablePath,
    args,
    env: { ...(inherited as Record<string, string>), ...env },
  });
  return {
    async open({ theme, width, language = "en" }) {
      const context = await chromiumAtWork.newContext({
        viewport: { width, height: HEIGHT },
        colorScheme: theme,
        locale: language,
        // What moves is somewhere else in every picture.
        reducedMotion: "reduce",
      });
      context.setDefaultTimeout(PATIENCE_MS);
      const page = await context.newPage();
      return { page, context, problems: listen(page), [Symbol.asyncDispose]: () => context.close() };
    },
    [Symbol.asyncDispose]: () => chromiumAtWork.close(),
  };
}

function listen(page: Page): string[] {
  const problems: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning")
      problems.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => problems.push(`uncaught: ${error.message}`));
  page.on("requestfailed", (request) => {
    // A screen that is left gives up what it asked for.
    if (request.failure()?.errorText !== "net::ERR_ABORTED")
      problems.push(`failed: ${request.url()} ${request.failure()?.errorText}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
  });
  return problems;
}
