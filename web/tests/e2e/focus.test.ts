// SPDX-License-Identifier: Apache-2.0
// Each dialog, menu and list is opened, used and closed by keys alone, and the focus is where it was.
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { drawn, launch, new_page } from "./browser";
import { by_keyboard, type Keyboard } from "./keyboard";
import { kUnlimited, sign_in } from "./person";
import { rich_account, type RichAccount } from "./rich_account";
import { Receiver, Service } from "./service";

const kSeedingMs = 120_000;

let browser: Browser;
let service: Service;
let receivers: Receiver[];
let account: RichAccount;
let page: Page;
let keyboard: Keyboard;

beforeAll(async () => {
  [browser, ...receivers] = await Promise.all([launch(), Receiver.start(), Receiver.start()]);
  service = await Service.start([...kUnlimited, "--webhook-allow", "127.0.0.0/8", "--webhook-allow-http"]);
  account = await rich_account(service, receivers[0]!, receivers[1]!);
  ({ page } = await new_page(await browser.newContext({ viewport: { width: 1440, height: 900 } })));
  page.setDefaultTimeout(20_000);
  keyboard = by_keyboard(page);
  await page.goto(`${service.base}/sign-in`);
  await sign_in(page, account.person);
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
}, kSeedingMs);
afterAll(async () => {
  await Promise.all([browser?.close(), service?.stop()]);
  await Promise.all((receivers ?? []).map((receiver) => receiver.stop()));
});

const open = async (path: string) => {
  await page.goto(service.base + path.replace(/JOB:([\w.-]+)/, (_, name: string) => account.jobs.get(name)!));
  await page.locator("h1").first().waitFor();
};
const button = (name: string | RegExp) => page.getByRole("button", { name }).first();
const dialog = () => page.getByRole("dialog");
const is_back = (trigger: Locator) => expect.poll(() => keyboard.has_focus(trigger), { message: `the focus is back at ${trigger}` }).toBe(true);

// The focus is in the dialog, goes round in it, and comes back to what opened it.
async function is_held_and_returns(trigger: Locator) {
  await dialog().waitFor();
  const inside = () => dialog().evaluate((element) => element.contains(document.activeElement));
  await expect.poll(inside).toBe(true);
  for (let step = 0; step < 12; ++step) {
    await page.keyboard.press("Tab");
    expect(await inside(), `step ${step} stays in the dialog`).toBe(true);
  }
  await page.keyboard.press("Escape");
  await dialog().waitFor({ state: "detached" });
  await is_back(trigger);
}

describe("dialogs of buttons", () => {
  test.each<[string, string, string | RegExp]>([
    ["overview", "/", "Rotate the key"],
    ["keys", "/keys", "Create a key"],
    ["keys", "/keys", "End the old key now"],
    ["webhooks", "/webhooks", "Add an endpoint"],
    ["webhooks", "/webhooks", "Rotate it …"],
    ["webhooks", "/webhooks", "Details"],
    ["drawing", "/drawings/JOB:house.dxf", "Delete"],
    ["account", "/account", /Delete the account/],
  ])("%s: %s, %s", async (_, path, name) => {
    await open(path);
    await keyboard.press(button(name));
    await is_held_and_returns(button(name));
  });
});

describe("dialogs of menus", () => {
  test.each<[string, RegExp, string]>([
    ["/keys", /^Actions of Plant 2/, "Rotate …"],
    ["/keys", /^Actions of Plant 2/, "Revoke …"],
    ["/webhooks", /^Actions of/, "Change the URL …"],
    ["/webhooks", /^Actions of/, "Rotate the secret …"],
    ["/webhooks", /^Actions of/, "Delete …"],
    ["/drawings", /^Actions for/, "Delete"],
  ])("%s, %s: %s", async (path, trigger, item) => {
    await open(path);
    await keyboard.press(button(trigger));
    const wanted = page.getByRole("menuitem", { name: item, exact: true });
    await wanted.waitFor();
    while (!(await keyboard.has_focus(wanted))) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await is_held_and_returns(button(trigger));
  });
});

test.each<[string, string | RegExp]>([
  ["/", "Export"],
  ["/drawings", /^Actions for/],
  ["/keys", "Account menu"],
])("the menu of %s, %s, closes by Escape", async (path, name) => {
  await open(path);
  await keyboard.press(button(name));
  await page.getByRole("menu").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("menu").waitFor({ state: "detached" });
  await is_back(button(name));
});

test("a filter is chosen, and the list follows", async () => {
  await open("/drawings");
  await keyboard.press(button(/Status$/));
  await page.getByRole("listbox").waitFor();
  await page.keyboard.type("Fail");
  await page.keyboard.press("Enter");
  await is_back(button(/Status$/));
  await page.getByRole("table", { name: "Drawings" }).getByText("damaged.dwg").waitFor();
  expect(new URL(page.url()).searchParams.get("status")).toBe("FAILED");
});

test("older entries are shown, and the focus is not lost with the button at their end", async () => {
  await open("/drawings");
  await keyboard.press(button("Show older drawings"));
  await page.getByText("damaged.dwg").waitFor();
  await page.getByText("That is all.").waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("That is all.");
});

test("a row of the entities is opened, and left", async () => {
  await open("/drawings/JOB:tower.dxf");
  const grid = page.getByRole("grid", { name: "Entities" });
  await keyboard.tab_to(grid);
  for (const key of ["ArrowDown", "PageDown", "Enter"]) await page.keyboard.press(key);
  await dialog().getByLabel("The entity as JSON").waitFor();
  await is_held_and_returns(grid);
});

test("a layer is looked for and chosen among many", async () => {
  await open("/drawings/JOB:tower.dxf");
  const layer = button(/Layer$/);
  await keyboard.press(layer);
  await page.getByRole("searchbox", { name: "Search: Layer" }).or(page.getByRole("combobox")).first().waitFor();
  await page.keyboard.type("DUCT-0");
  await page.getByRole("option", { name: "M-DUCT-02" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await is_back(layer);
  expect(await layer.innerText()).toContain("M-DUCT");
});

test("a chart is read as a table", async () => {
  await open("/");
  const chart = page.getByRole("figure", { name: "Requests by day and format" });
  await keyboard.press(chart.getByRole("button", { name: "Show as a table" }));
  await chart.getByRole("row").nth(1).waitFor();
  await is_back(chart.getByRole("button", { name: "Show as a chart" }));
  await keyboard.tab_to(chart.getByRole("region"), "Shift+Tab");
});

test("code in another language is chosen by arrows", async () => {
  await open("/docs/quickstart");
  const tab = page.getByRole("tab", { name: "curl" }).first();
  await keyboard.tab_to(tab);
  await page.keyboard.press("ArrowRight");
  const next = page.getByRole("tab", { name: "Python" }).first();
  await is_back(next);
  expect(await next.getAttribute("aria-selected")).toBe("true");
});

test("the documentation is searched", async () => {
  await open("/docs");
  await keyboard.tab_to(page.getByRole("combobox", { name: "Search the docs" }));
  await page.keyboard.type("idempotency");
  await page.getByRole("option").first().waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("listbox").waitFor({ state: "detached" });
  await page.keyboard.type("quota");
  await page.getByRole("option").first().waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/docs\/.+/);
});

test("keys of the viewer are listed, and the drawing has the focus again", async () => {
  await open("/drawings/JOB:house.dxf/view");
  const sheet = page.getByRole("application");
  await drawn(page);
  await keyboard.tab_to(sheet);
  await page.keyboard.press("?");
  await is_held_and_returns(sheet);
});

test("on a phone the navigation opens, leads on and closes", async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open("/keys");
  await keyboard.press(button("Open navigation"));
  await keyboard.tab_to(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Webhooks" }));
  await page.keyboard.press("Escape");
  await is_back(button("Open navigation"));
  await page.keyboard.press("Enter");
  await keyboard.press(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Webhooks" }));
  await page.getByRole("heading", { level: 1, name: "Webhooks" }).waitFor();
  await is_back(page.locator("#content"));
  await page.setViewportSize({ width: 1440, height: 900 });
});
