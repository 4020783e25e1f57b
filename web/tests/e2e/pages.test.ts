// SPDX-License-Identifier: Apache-2.0
// Every page, as somebody with one drawing sees it.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { type Path, paths } from "../../src/paths";
import { drawn, inked, kSoftwareGl, launch } from "./browser";
import { made_drawing } from "./drawing";
import { looks_right, set_screen, widths } from "./looks";
import { drop, sign_up } from "./person";
import { root, Service } from "./service";

const guides = readdirSync(join(root, "web/src/docs/guides")).map((file) => `/docs/${file.replace(/\.mdx$/, "")}`);
const of_account = ["/", "/drawings", "/drawings/:id", "/drawings/:id/view", "/keys", "/webhooks", "/activity", "/account"] satisfies Path[];
const open_to_all = [
  ...paths.filter((path) => !(of_account as Path[]).includes(path)).flatMap((path) => (path === "/docs/:guide" ? guides : path.replace(":provider", "google"))),
  "/docs/reference",
  "/nothing",
];

let browser: Browser;
let service: Service;
let signed_in: BrowserContext;
let job = "";

beforeAll(async () => {
  [browser, service] = await Promise.all([launch(kSoftwareGl), Service.start()]);
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

const name_of = (path: string) => `page${path === "/" ? "-overview" : path.replace("/:id", "-one").replaceAll("/", "-")}`;

async function look(context: BrowserContext, path: string, screen: (typeof widths)[number]) {
  const page = await context.newPage();
  await set_screen(page, screen);
  await page.goto(service.base + path.replace(":id", job), { waitUntil: "networkidle" });
  await page.locator("h1, h2").first().waitFor();
  if (path.endsWith("/view")) {
    await drawn(page);
    expect(await inked(page, await page.getByRole("application").screenshot()), "the viewer draws").toBeGreaterThan(500);
  }
  await looks_right(page, name_of(path));
  await page.close();
}

describe.each(widths)("$width px", (screen) => {
  test.each(open_to_all)("%s", async (path) => {
    const context = await browser.newContext();
    await look(context, path, screen);
    await context.close();
  });
  test.each(of_account)("%s", (path) => look(signed_in, path, screen));
});
