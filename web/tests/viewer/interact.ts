// SPDX-License-Identifier: Apache-2.0
// The viewer's page as somebody uses it, in a browser, with examples/house.dxf: every step is checked, and axe-core looks at
// every state of the page.
//   node tests/viewer/interact.ts [FOLDER-FOR-SCREENSHOTS]
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { AxeBuilder } from "@axe-core/playwright";
import type { BrowserContext, Page } from "playwright-core";

import { browse, parse, sign_in, web } from "./browser.ts";

const folder = process.argv[2];
if (folder) await mkdir(folder, { recursive: true });

async function state_of(page: Page, name: string) {
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  assert.deepEqual(grave.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`), [], name);
}

async function ready(page: Page) {
  await page.locator("canvas").first().waitFor();
  await page.waitForFunction(() => /entities|px/.test(document.querySelector("footer")?.textContent ?? "") && !/Drawing …/.test(document.body.textContent ?? ""));
  await page.waitForTimeout(300);
}

// How many pixels of the drawing are of about this color?
async function count_color(page: Page, [r, g, b]: [number, number, number]): Promise<number> {
  const shot = (await page.locator("[role=application]").screenshot()).toString("base64");
  return page.evaluate(
    async ({ shot, color }) => {
      const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(shot), (c) => c.charCodeAt(0))], { type: "image/png" }));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext("2d")!;
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
      let count = 0;
      for (let i = 0; i < data.length; i += 4) if (color.every((value, k) => Math.abs(data[i + k]! - value) < 40)) ++count;
      return count;
    },
    { shot, color: [r, g, b] },
  );
}
const kRed: [number, number, number] = [255, 0, 0];
const kSelected: [number, number, number] = [26, 102, 242];

// Where a point of the drawing is on the page, by the link to the view.
async function on_page(page: Page, x: number, y: number) {
  await page.waitForTimeout(400);
  const [cx, cy, scale] = /at=([^&]+)/.exec(page.url())![1]!.split(",").map(Number) as [number, number, number];
  const box = (await page.locator("[role=application]").boundingBox())!;
  return { x: box.x + box.width / 2 + (x - cx) * scale, y: box.y + box.height / 2 - (y - cy) * scale };
}
const tool = (page: Page, name: string) => page.getByRole("toolbar", { name: "Viewer" }).getByRole("button", { name, exact: true });

async function use_it(context: BrowserContext, job: string, name: string) {
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(`${web}/drawings/${job}/view`);
  await ready(page);
  await state_of(page, `${name}-open`);

  // Layers go off and on again.
  const red = await count_color(page, kRed);
  assert.ok(red > 100, "dimensions are drawn in red");
  await tool(page, "Layers").click();
  await state_of(page, `${name}-layers`);
  await page.getByText("DIMENSIONS", { exact: true }).click();
  await page.getByRole("button", { name: "Close layers" }).click();
  await ready(page);
  assert.ok((await count_color(page, kRed)) < red / 20, "a hidden layer is not drawn");
  await page.waitForURL(/hide=\d/);
  await tool(page, "Layers").click();
  await page.getByRole("button", { name: "Show all" }).first().click();
  await ready(page);
  await page.getByRole("button", { name: "Close layers" }).click();

  // Something is selected by a click and tells what it is.
  const wall = await on_page(page, 6060, 6500);
  await page.mouse.click(wall.x, wall.y);
  await page.getByRole("heading", { name: "Properties" }).waitFor();
  await page.getByRole("region", { name: "Properties" }).getByText(/LWPOLYLINE|LINE|HATCH/).first().waitFor();
  await ready(page);
  await page.waitForURL(/select=[0-9A-F]+/);
  assert.ok((await count_color(page, kSelected)) > 100, "what is selected is drawn in its color");
  await state_of(page, `${name}-selected`);
  await page.getByRole("button", { name: "Close properties" }).click();

  // A distance between two corners: they are caught, so it is exact.
  await tool(page, "Measure a distance").click();
  for (const [x, y] of [[0, 8000], [10000, 8000]] as const) {
    const at = await on_page(page, x, y);
    await page.mouse.move(at.x + 1, at.y - 1);
    await page.waitForTimeout(300);
    await page.mouse.click(at.x + 1, at.y - 1);
    await page.waitForTimeout(300);
  }
  await page.getByText("10,000 units").waitFor();
  await state_of(page, `${name}-distance`);
  // By keyboard, too.
  await page.getByLabel("X 2").fill("3000");
  await page.getByLabel("Y 2").fill("12000");
  await page.getByText("5,000 units").waitFor();

  // An area, its points given by keyboard alone.
  await tool(page, "Measure an area").click();
  for (const [i, [x, y]] of [[0, 0], [100, 0], [100, 50], [0, 50]].entries()) {
    await page.getByRole("button", { name: "Add a point" }).click();
    await page.getByLabel(`X ${i + 1}`).fill(String(x));
    await page.getByLabel(`Y ${i + 1}`).fill(String(y));
  }
  await page.getByText("5,000 units²").waitFor();
  await state_of(page, `${name}-area`);
  await tool(page, "Select").click();

  // Text is found, and zoomed to.
  await tool(page, "Search text").click();
  await page.getByLabel("Text in this sheet").fill("kitchen");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /Kitchen/ }).click();
  await ready(page);
  await state_of(page, `${name}-search`);
  const link = page.url();
  await page.getByRole("button", { name: "Close search" }).click();

  // Keys move, zoom and list themselves.
  await page.locator("[role=application]").focus();
  for (const key of ["ArrowRight", "-", "ArrowUp", "+"]) await page.keyboard.press(key);
  await page.waitForTimeout(500);
  assert.notEqual(page.url(), link, "keys move the view");
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys and gestures" }).waitFor();
  await state_of(page, `${name}-keys`);
  await page.keyboard.press("Escape");

  // A link opens the same view.
  const again = await context.newPage();
  await again.goto(link);
  await ready(again);
  await again.waitForTimeout(600);
  assert.equal(again.url(), link, "a link leads to the view that it was made of");

  // The graphics memory is taken away and given back.
  const before = await count_color(again, kSelected);
  await again.evaluate(() => {
    const lose = document.querySelector("canvas")!.getContext("webgl2")!.getExtension("WEBGL_lose_context")!;
    lose.loseContext();
    setTimeout(() => lose.restoreContext(), 300);
  });
  await again.waitForTimeout(600);
  await ready(again);
  assert.ok(Math.abs((await count_color(again, kSelected)) - before) < before / 10 + 20, "the picture comes back after the context was lost");
  await again.close();

  assert.deepEqual(errors, []);
  await page.close();
}

async function troubles(context: BrowserContext, job: string, name: string) {
  const page = await context.newPage();
  // The scene cannot be had: the server's own words.
  await page.goto(`${web}/drawings/job_00000000000000000000000000000000/view`);
  await page.getByRole("alert").waitFor();
  assert.match((await page.getByRole("alert").textContent()) ?? "", /not found/i);
  await state_of(page, `${name}-gone`);
  // The network goes, and comes back.
  let down = true;
  await page.route("**/scene?*", (route) => (down ? route.abort() : route.continue()));
  await context.route("**/scene?*", (route) => (down ? route.abort() : route.continue()));
  await page.goto(`${web}/drawings/${job}/view`);
  await page.getByText("The server cannot be reached").waitFor();
  down = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await ready(page);
  assert.ok((await count_color(page, kRed)) > 50, "it is drawn once the network is back");
  await page.close();
}

async function without_webgl(job: string) {
  const browser = await browse(false);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await sign_in(context);
  const page = await context.newPage();
  await page.goto(`${web}/drawings/${job}/view`);
  await page.getByText("has no WebGL 2").waitFor();
  await page.getByRole("img", { name: "Preview of the sheet" }).waitFor();
  await state_of(page, "no-webgl");
  await browser.close();
}

const browser = await browse();
try {
  let job: string | undefined;
  for (const [width, height, scheme] of [[1440, 900, "light"], [1440, 900, "dark"], [390, 844, "light"], [390, 844, "dark"]] as const) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme });
    await sign_in(context);
    job ??= await parse(context, "house.dxf", await readFile(new URL("../../../examples/house.dxf", import.meta.url)));
    await use_it(context, job, `${width}-${scheme}`);
    await troubles(context, job, `${width}-${scheme}`);
    await context.close();
    console.log(`${width} x ${height}, ${scheme}: as it should be`);
  }
  await without_webgl(job!);
  console.log("without WebGL: the preview");
} finally {
  await browser.close();
}
