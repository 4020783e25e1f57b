// SPDX-License-Identifier: Apache-2.0
// Every page, light and dark, wide and narrow: no barrier that axe-core calls serious, nothing wider than the screen.
// CADLENS_SCREENSHOTS names a folder for pictures of them.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { barriers, launch } from "./browser";
import { made_drawing } from "./drawing";
import { drop, sign_up } from "./person";
import { Service } from "./service";

const folder = process.env.CADLENS_SCREENSHOTS;
const open_to_all = ["/sign-in", "/sign-up", "/forgot-password", "/reset-password", "/verify-email", "/welcome", "/docs", "/docs/quickstart", "/docs/errors", "/docs/reference", "/security", "/nothing"];
const of_account = ["/", "/drawings", "/drawings/JOB", "/drawings/JOB/view", "/keys", "/webhooks", "/activity", "/account"];
const screens = [
  { theme: "light", width: 1440, height: 900 },
  { theme: "dark", width: 1440, height: 900 },
  { theme: "light", width: 390, height: 844 },
  { theme: "dark", width: 390, height: 844 },
] as const;

let browser: Browser;
let service: Service;
let signed_in: BrowserContext;
let job = "";

beforeAll(async () => {
  [browser, service] = await Promise.all([launch(), Service.start()]);
  if (folder) mkdirSync(folder, { recursive: true });
  signed_in = await browser.newContext();
  const page = await signed_in.newPage();
  await sign_up(page, service);
  await page.goto(`${service.base}/drawings`);
  await page.getByRole("heading", { level: 1, name: "Drawings" }).waitFor();
  await drop(page, "house.dxf", made_drawing());
  await page.getByRole("table", { name: "Drawings" }).getByText("Ready").waitFor();
  job = (await page.getByRole("link", { name: "house.dxf" }).getAttribute("href"))!.split("/")[2]!;
  await page.close();
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

async function look(page: Page, path: string, name: string) {
  await page.goto(service.base + path.replace("JOB", job), { waitUntil: "networkidle" });
  await page.locator("h1, h2").first().waitFor();
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  const too_wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(too_wide, `${path} is wider than the screen`).toBeLessThanOrEqual(0);
  expect(await barriers(page), path).toEqual([]);
}

describe.each(screens)("$theme, $width px", ({ theme, width, height }) => {
  const shown = async (context: BrowserContext) => {
    const page = await context.newPage();
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    return page;
  };
  const name_of = (path: string) => `${theme}-${width}${path === "/" ? "-overview" : path.replace("/JOB", "-one").replaceAll("/", "-")}`;

  test.each(open_to_all)("%s", async (path) => {
    const context = await browser.newContext();
    await look(await shown(context), path, name_of(path));
    await context.close();
  });
  test.each(of_account)("%s", async (path) => {
    const page = await shown(signed_in);
    await look(page, path, name_of(path));
    await page.close();
  });
});
