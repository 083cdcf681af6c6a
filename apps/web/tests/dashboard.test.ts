import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_NODES, type LocalMarket, startLocalMarket, wallets } from "@stoa/local";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { layoutProblems, shiftsOf } from "./browser/examine-screen.ts";
import { expectWhole, SCREENSHOTS, untilLoaded } from "./browser/expect-whole.ts";
import { injectWallet } from "./browser/inject-wallet.ts";
import { type Browser, openBrowser, PATIENCE_MS, type Tab } from "./browser/open-browser.ts";

const WIDE = { theme: "light", width: 1_440 } as const;
const NARROW = { theme: "dark", width: 360 } as const;
/** Booting a whole market, a browser beside it. */
const BOOT_MS = 240_000;
const STORY_MS = 180_000;

describe("the dashboard", { timeout: STORY_MS }, () => {
  let folder: string;
  let market: LocalMarket;
  let browser: Browser;
  /** Of the task that the stranger orders first. */
  let taskPath: string;
  let roundPath: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "stoa-web-"));
    [market, browser] = await Promise.all([
      startLocalMarket({ dataFolder: folder, port: 0, nodes: DEFAULT_NODES, isChainFleeting: true }),
      openBrowser(),
      mkdir(SCREENSHOTS, { recursive: true }),
    ]);
  }, BOOT_MS);
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await market?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const goTo = ({ page }: Tab, path: string) => page.goto(`${market.url}${path}`);

  test.each([WIDE, NARROW])("says at $width px what is not there yet, and what to do about it", async (look_) => {
    await using tab = await browser.open(look_);
    await goTo(tab, "/");
    await tab.page.getByText("No tasks yet").waitFor();
    await expectWhole(tab, "home-empty", look_);
    await goTo(tab, "/auctions");
    await tab.page.getByText("No round yet").waitFor();
    await expectWhole(tab, "auctions-empty", look_);
    await goTo(tab, "/tasks");
    await tab.page.getByText("No task matches").waitFor();
    await expectWhole(tab, "tasks-empty", look_);
    await goTo(tab, "/wallet");
    await tab.page.getByText("Sign in to see your money").waitFor();
    await expectWhole(tab, "wallet-signed-out", look_);
    await goTo(tab, "/no/such/screen");
    await tab.page.getByText("No screen has this address.").waitFor();
    await expectWhole(tab, "not-found", look_);
  });

  test("lets a stranger run a real task, watch it to its result, pay for it and check its round", async () => {
    await using tab = await browser.open(WIDE);
    const { page } = tab;
    await goTo(tab, "/");
    await page.getByRole("button", { name: "Run it" }).click();
    await page.waitForURL(/\/tasks\/0x[0-9a-f]{64}$/);
    taskPath = new URL(page.url()).pathname;
    // Nothing is loaded again from here to the end: all of it comes live.
    const accept = page.getByRole("button", { name: "Accept and pay" });
    await accept.waitFor();
    await page.getByRole("paragraph").getByText("promise had witnesses").waitFor();
    await page.getByText(/sentences, .* candidates/).waitFor();
    await expectWhole(tab, "task-delivered", WIDE);
    await accept.click();
    await page.getByText("confirmed", { exact: true }).waitFor();
    await page.getByText("The price:").waitFor();
    await page.getByRole("button", { name: "Verify the round here" }).click();
    await page.getByText(/The round is right: \d+ checks passed/).waitFor();
    await expectWhole(tab, "task-verified", WIDE);

    await page.getByRole("link", { name: "The whole round" }).click();
    await page.waitForURL(/\/auctions\/0x[0-9a-f]{64}$/);
    roundPath = new URL(page.url()).pathname;
    const task = await market.client.tasks.get(taskPath.split("/").at(-1)!);
    expect(task).toMatchObject({ state: "settled", settlement: { state: "confirmed" } });

    // The guest's money and tasks are there after a reload, without signing in again.
    await goTo(tab, "/wallet");
    await page.getByText("Held for a task").first().waitFor();
    await expectWhole(tab, "wallet", WIDE);
  });

  test("signs in with a wallet that announces itself, and orders, accepts and withdraws by its signatures", async () => {
    await using tab = await browser.open(WIDE);
    const { page } = tab;
    const { chainId } = await market.client.market.info();
    const wallet = await injectWallet(page, wallets.requester, { rpcUrl: market.rpcUrl, chainId });
    await goTo(tab, "/agents");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("button", { name: "Test Wallet" }).waitFor();
    await expectWhole(tab, "sign-in", WIDE);
    await page.getByRole("button", { name: "Test Wallet" }).click();
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    expect(wallet.asked).toContain("personal_sign");

    await page.getByRole("searchbox").fill("langauge of a text");
    await page.getByText(/found as .language. for .langauge./).waitFor();
    await expectWhole(tab, "agents-found", WIDE);
    await page.getByRole("link", { name: "detect-language" }).click();
    await page.getByRole("textbox", { name: "text" }).fill("Der Markt ist offen, und jeder darf bieten.");
    await page.getByText("nodes would take it").waitFor();
    await page.getByRole("button", { name: "Sign and order" }).click();
    await page.waitForURL(/\/tasks\/0x[0-9a-f]{64}$/);
    expect(wallet.asked).toContain("eth_signTypedData_v4");
    await page.getByRole("button", { name: "Accept and pay" }).click();
    await page.getByText("confirmed", { exact: true }).waitFor();

    await goTo(tab, "/wallet");
    const amount = page.getByRole("textbox", { name: "Amount in tUSD" });
    await amount.last().fill("0.5");
    await page.getByRole("button", { name: "Withdraw" }).click();
    await page.getByText("can be taken").waitFor();
    await expectWhole(tab, "wallet-withdrawing", WIDE);
    expect(wallet.asked).toContain("eth_sendTransaction");
    await expect
      .poll(async () => (await market.client.account.get()).balances.withdrawing, { timeout: PATIENCE_MS })
      .toBe("500000");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByText("Sign in to see your money").waitFor();
    expect(tab.problems).toEqual([]);
  });

  test("says why nobody takes a task, and takes it back", async () => {
    await using tab = await browser.open(WIDE);
    const { page } = tab;
    await goTo(tab, "/tasks/new?capability=data.profile");
    await page.getByRole("button", { name: "Sign in" }).first().click();
    await page.getByRole("button", { name: "As a guest" }).click();
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await page.getByRole("textbox", { name: "csv" }).fill("a,b\n1,2");
    await page.getByRole("textbox", { name: "At most" }).fill("0.0001");
    await page.getByRole("button", { name: "Sign and order" }).click();
    await page.getByText("Why nobody has taken it").waitFor();
    await page.getByText("The maximum price is below the node's cost.").first().waitFor();
    await expectWhole(tab, "task-unserved", WIDE);
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByText("Ended unpaid").waitFor();
    await expectWhole(tab, "task-cancelled", WIDE);
  });

  test("fits a narrow window in German, and from right to left", async () => {
    await using tab = await browser.open({ theme: "light", width: 360, language: "de" });
    for (const path of ["/", taskPath, roundPath, "/agents", "/tasks/new", "/nodes", "/wallet", "/status"]) {
      await goTo(tab, path);
      await tab.page.getByRole("heading", { level: 1 }).waitFor();
      await untilLoaded(tab);
      expect(await layoutProblems(tab.page), path).toEqual([]);
      const name = path.split("/").slice(0, 2).join("") || "home";
      await tab.page.screenshot({ path: join(SCREENSHOTS, `${name}-german-360.png`), fullPage: true });
      await tab.page.evaluate(() => (document.documentElement.dir = "rtl"));
      expect(await layoutProblems(tab.page), `${path} from right to left`).toEqual([]);
    }
    await tab.page.screenshot({ path: join(SCREENSHOTS, "status-rtl-360.png") });
  });

  const looks = [360, 1_440].flatMap((width) => (["light", "dark"] as const).map((theme) => ({ theme, width })));
  test.each(looks)("is whole on every screen, $theme at $width px", async (look_) => {
    await using tab = await browser.open(look_);
    const node = market.nodes[0]!;
    const [agent] = (await market.client.agents.list({ name: "profile-csv" })).items;
    const screens: [name: string, path: string, shows: string | RegExp][] = [
      ["home", "/", "What the last awards cost"],
      ["agents", "/agents", "3 agents"],
      ["agent", `/agents/${agent!.versionId}`, "What it would meet now"],
      ["tasks", "/tasks", "text.summarize"],
      ["new-task", "/tasks/new", "What it would meet now"],
      ["task", taskPath, "The price:"],
      ["auctions", "/auctions", "Price by capability"],
      ["round", roundPath, "The price:"],
      ["nodes", "/nodes", "attica"],
      ["node", `/nodes/${node.address}`, "Agents it hosts"],
      ["status", "/status", "Withdrawal delay"],
    ];
    for (const [name, path, shows] of screens) {
      await goTo(tab, path);
      await tab.page.getByText(shows).locator("visible=true").first().waitFor();
      await expectWhole(tab, name, look_);
      expect(await shiftsOf(tab.page), name).toEqual([]);
    }
  });

  test("speaks German, keeps the theme and language chosen, and loses no text on reload", async () => {
    await using tab = await browser.open(WIDE);
    const { page } = tab;
    await goTo(tab, "/");
    await page.getByRole("textbox", { name: "Input" }).fill("Kept.");
    await page.getByRole("button", { name: "Dark" }).click();
    await page.getByRole("combobox", { name: "Language" }).selectOption("de");
    await page.getByText("Gleich ausprobieren").waitFor();
    await page.reload();
    await page.getByText("Gleich ausprobieren").waitFor();
    expect(await page.getByRole("textbox", { name: "Eingabe" }).inputValue()).toBe("Kept.");
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe("dark");
    expect(await page.getAttribute("html", "lang")).toBe("de");
    await expectWhole(tab, "home-german", { theme: "dark", width: 1_440 });
  });

  test("goes anywhere from the keyboard", async () => {
    await using tab = await browser.open(WIDE);
    const { page } = tab;
    await goTo(tab, "/");
    await page.getByText("What the last awards cost").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Go anywhere" }).waitFor();
    await expectWhole(tab, "palette", WIDE);
    await page.keyboard.type("profile-csv");
    await page.getByRole("option", { name: /profile-csv/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "profile-csv" }).waitFor();
    expect(tab.problems).toEqual([]);
  });

  test("says why a thing cannot be shown, and shows it is on its way until it is there", async () => {
    await using tab = await browser.open(WIDE);
    const { page } = tab;
    await goTo(tab, `/tasks/0x${"ab".repeat(32)}`);
    await page.getByRole("alert").getByText("There is no such thing").waitFor();
    await page.screenshot({ path: join(SCREENSHOTS, "task-missing-light-1440.png") });

    const gate = Promise.withResolvers<void>();
    await page.route("**/api/v1/nodes?*", async (route) => {
      await gate.promise;
      await route.continue();
    });
    await goTo(tab, "/nodes");
    await page.getByRole("status", { name: "Loading" }).first().waitFor();
    await page.screenshot({ path: join(SCREENSHOTS, "nodes-loading-light-1440.png") });
    expect(await page.getByText("attica").count()).toBe(0);
    gate.resolve();
    await page.getByText("attica").waitFor();
  });

  test("stays with the last it knew while the market is away, and goes on when it is back", async () => {
    await using tab = await browser.open(NARROW);
    const { page } = tab;
    await goTo(tab, "/tasks");
    await page.getByRole("link", { name: "text.summarize" }).first().waitFor();
    await market.server.stop();
    await page.getByText("The market does not answer.").waitFor();
    await page.getByRole("link", { name: "text.summarize" }).first().waitFor();
    await page.screenshot({ path: join(SCREENSHOTS, "tasks-away-dark-360.png") });
    await market.restartServer();
    await page.getByText("The market does not answer.").waitFor({ state: "hidden" });
    expect(tab.problems.filter((problem) => problem.startsWith("uncaught"))).toEqual([]);
  });

  test("draws of a long list what is seen, and reads on as one scrolls", async () => {
    const orders = Array.from({ length: 120 }, (_, at) => ({
      capability: "text.language",
      input: { text: `Nobody reads this for so little. ${at}` },
      maxPrice: 100n,
      signer: wallets.requester,
    }));
    const results = await market.client.tasks.submitMany(orders);
    expect(results.filter((result) => "taskId" in result)).toHaveLength(orders.length);
    await using tab = await browser.open(WIDE);
    const { page } = tab;
    await goTo(tab, "/tasks?capability=text.language");
    const rows = page.getByRole("list", { name: "Tasks" }).getByRole("listitem");
    await rows.first().waitFor();
    // The oldest is the last of its page, three pages down.
    await expect
      .poll(
        async () => {
          await page.mouse.wheel(0, 2_000);
          return page.getByText("Settled").locator("visible=true").count();
        },
        { timeout: PATIENCE_MS },
      )
      .toBe(1);
    expect(await rows.count()).toBeLessThan(60);
    expect(tab.problems).toEqual([]);
  });
});
