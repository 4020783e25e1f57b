// SPDX-License-Identifier: Apache-2.0
// The viewer's page, where there is something else to show than a drawing.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { barriers, drawn, kSoftwareGl, launch } from "./browser";
import { drawing_on_paper, made_drawing } from "./drawing";
import { drop, kUnlimited, visit } from "./person";
import { Service } from "./service";

let service: Service;
const browsers: Browser[] = [];

beforeAll(async () => {
  service = await Service.start(kUnlimited);
});
afterAll(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
  await service?.stop();
});

async function opened(content: Buffer, flags: string[] = []) {
  const browser = await launch(flags);
  browsers.push(browser);
  const { page, complaints } = await visit(browser, service, "/drawings");
  await page.getByRole("heading", { level: 1, name: "Drawings" }).waitFor();
  await drop(page, "plan.dxf", content);
  const table = page.getByRole("table", { name: "Drawings" });
  await table.getByText("Ready").waitFor();
  await page.goto(`${service.base}${await table.getByRole("link", { name: "plan.dxf" }).getAttribute("href")}/view`);
  return { page, complaints };
}

test("a sheet without anything says so, and leads to one with something", async () => {
  const { page, complaints } = await opened(drawing_on_paper());
  await page.getByText("Nothing is drawn on this sheet.").waitFor();
  expect(await barriers(page)).toEqual([]);
  await page.getByRole("button", { name: "Open Layout1" }).click();
  await page.locator("footer").getByText("1 entity").waitFor();
  await page.locator("footer").getByText(/1 px = [\d.]+ (mm|in)$/).waitFor();
  expect(complaints.all).toEqual([]);
});

test("a browser without WebGL 2 shows the preview, and says why", async () => {
  const { page } = await opened(made_drawing(), ["--disable-3d-apis"]);
  await page.getByText("This browser has no WebGL 2").waitFor();
  const preview = page.getByRole("img", { name: "Preview of the sheet" });
  await preview.waitFor();
  expect(await preview.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth))).toBeGreaterThan(0);
});

test("a view can be linked: sheet, place, selection and hidden layers come back", async () => {
  const { page } = await opened(made_drawing());
  await drawn(page);
  await page.getByRole("button", { name: "Zoom in" }).click();
  await page.getByRole("button", { name: "Layers" }).click();
  await page.getByRole("region", { name: "Layers" }).getByText("Columns").click();
  await page.waitForFunction(() => /hide=/.test(location.hash) && /at=/.test(location.hash));
  const [link, scale] = [page.url(), await page.locator("footer").getByText(/1 px =/).textContent()];
  await page.goto(`${service.base}/drawings`);
  await page.goto(link);
  await page.locator("footer").getByText(scale!).waitFor();
  await page.getByRole("button", { name: "Layers" }).click();
  expect(await page.getByRole("checkbox", { name: "Columns" }).isChecked()).toBe(false);
  expect(await page.getByRole("checkbox", { name: "Walls" }).isChecked()).toBe(true);
});

test("a link to where nobody could have gone does not stop the page", async () => {
  const { page, complaints } = await opened(made_drawing(), kSoftwareGl);
  for (const at of ["0,0,1e30", "0,0,1e300", "1e308,-1e308,1", "0,0,1e-300"]) {
    await page.goto("about:blank");
    await page.goBack();
    await page.evaluate((at) => (location.hash = `#at=${at}`), at);
    await page.reload();
    await drawn(page);
  }
  expect(complaints.all).toEqual([]);
});

test("a link to an entity that is not drawn says so", async () => {
  const { page } = await opened(made_drawing(), kSoftwareGl);
  await drawn(page);
  await page.evaluate(() => (location.hash = "#select=ABCDEF"));
  await page.getByText("The entity of the link is not drawn on this sheet").waitFor();
});
