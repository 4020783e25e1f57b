// SPDX-License-Identifier: Apache-2.0
// The viewer as somebody uses it who has a plan before them: layers, selection, measuring, search, keys, links, a lost context.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { barriers, colored, drawn, kSoftwareGl, launch, new_page } from "./browser";
import { drop, kUnlimited, made_person, type Person, sign_in } from "./person";
import { root, Service } from "./service";

// Of the drawing's dimensions, and of what is selected.
const kRed = [255, 0, 0] as const;
const kSelected = [26, 102, 242] as const;

let service: Service;
let browser: Browser;
let person: Person;
let path = "";

beforeAll(async () => {
  [browser, service] = await Promise.all([launch(kSoftwareGl), Service.start(kUnlimited)]);
  person = await made_person(service);
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

const part = {
  drawing: (page: Page) => page.getByRole("application"),
  tool: (page: Page, name: string) => page.getByRole("toolbar", { name: "Viewer" }).getByRole("button", { name, exact: true }),
  count: async (page: Page, color: readonly [number, number, number]) => colored(page, await part.drawing(page).screenshot(), color),
};

// Where a point of the drawing is on the page: the link to the view tells.
async function on_page(page: Page, x: number, y: number) {
  await page.waitForTimeout(400); // the address follows the view
  const [cx, cy, scale] = /at=([^&]+)/.exec(page.url())![1]!.split(",").map(Number) as [number, number, number];
  const box = (await part.drawing(page).boundingBox())!;
  return { x: box.x + box.width / 2 + (x - cx) * scale, y: box.y + box.height / 2 - (y - cy) * scale };
}

const screens = [
  { width: 1440, height: 900, theme: "light" },
  { width: 390, height: 844, theme: "dark" },
] as const;

describe.each(screens)("$width px, $theme", ({ width, height, theme }) => {
  let context: BrowserContext;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    context = await browser.newContext({ viewport: { width, height }, colorScheme: theme });
    ({
      page,
      complaints: { all: complaints },
    } = await new_page(context));
    await page.goto(`${service.base}/drawings`);
    await sign_in(page, person);
    await page.getByRole("heading", { level: 1, name: "Drawings" }).waitFor();
    if (!path) {
      await drop(page, "house.dxf", readFileSync(join(root, "examples/house.dxf")));
      const table = page.getByRole("table", { name: "Drawings" });
      await table.getByText("Ready").waitFor();
      path = (await table.getByRole("link", { name: "house.dxf" }).getAttribute("href"))!;
    }
    await page.goto(`${service.base}${path}/view`);
    await drawn(page);
  });
  afterAll(() => context?.close());

  test("a layer is hidden and shown again", async () => {
    const red = await part.count(page, kRed);
    expect(red, "dimensions are drawn in red").toBeGreaterThan(100);
    await part.tool(page, "Layers").click();
    expect(await barriers(page)).toEqual([]);
    await page.getByText("DIMENSIONS", { exact: true }).click();
    await page.getByRole("button", { name: "Close layers" }).click();
    await page.waitForURL(/hide=\d/);
    await drawn(page);
    expect(await part.count(page, kRed), "a hidden layer is not drawn").toBeLessThan(red / 20);
    await part.tool(page, "Layers").click();
    await page.getByRole("region", { name: "Layers" }).getByRole("button", { name: "Show all" }).click();
    await page.getByRole("button", { name: "Close layers" }).click();
    await drawn(page);
    expect(await part.count(page, kRed)).toBeGreaterThan(red / 2);
  });

  test("what is clicked tells what it is, and stands out", async () => {
    const wall = await on_page(page, 6060, 6500);
    await page.mouse.click(wall.x, wall.y);
    const properties = page.getByRole("region", { name: "Properties" });
    await properties.getByText(/LWPOLYLINE|LINE|HATCH/).first().waitFor();
    await page.waitForURL(/select=[0-9A-F]+/);
    expect(await barriers(page)).toEqual([]);
    await page.getByRole("button", { name: "Close properties" }).click();
    await drawn(page);
    expect(await part.count(page, kSelected)).toBeGreaterThan(20);
  });

  test("a distance between two corners is exact, and can be typed", async () => {
    await part.tool(page, "Measure a distance").click();
    for (const [x, y] of [[0, 8000], [10000, 8000]] as const) {
      const at = await on_page(page, x, y);
      await page.mouse.move(at.x + 1, at.y - 1);
      await page.locator("footer").getByText("end").waitFor();
      await page.mouse.click(at.x + 1, at.y - 1);
    }
    await page.getByText("10,000 mm", { exact: true }).waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByLabel("X 2").fill("3000");
    await page.getByLabel("Y 2").fill("12000");
    await page.getByText("5,000 mm", { exact: true }).waitFor();
  });

  test("an area can be given by keyboard alone", async () => {
    await part.tool(page, "Measure an area").click();
    for (const [i, [x, y]] of [[0, 0], [100, 0], [100, 50], [0, 50]].entries()) {
      await page.getByRole("button", { name: "Add a point" }).click();
      await page.getByLabel(`X ${i + 1}`).fill(String(x));
      await page.getByLabel(`Y ${i + 1}`).fill(String(y));
    }
    await page.getByText("5,000 mm²", { exact: true }).waitFor();
    expect(await barriers(page)).toEqual([]);
    await part.tool(page, "Select").click();
  });

  test("text is found and zoomed to; a link leads to that view; it survives the loss of graphics memory", async () => {
    await part.tool(page, "Search text").click();
    await page.getByLabel("Text in this sheet").fill("kitchen");
    await page.keyboard.press("Enter");
    const before = page.url();
    await page.getByRole("button", { name: /Kitchen/ }).click();
    await page.waitForURL((url) => url.href !== before);
    await drawn(page);
    expect(await barriers(page)).toEqual([]);
    const link = page.url();
    await page.getByRole("button", { name: "Close search" }).click();

    const again = await context.newPage();
    await again.goto(link);
    await drawn(again);
    const properties = again.getByRole("region", { name: "Properties" });
    await properties.getByText("MTEXT").waitFor();
    await properties.getByText(/Kitchen/).first().waitFor();
    await drawn(again);
    expect(await part.count(again, kSelected), "what was zoomed to is not behind the panel").toBeGreaterThan(100);
    await again.getByRole("button", { name: "Close properties" }).click();
    await again.waitForTimeout(400);
    expect(again.url()).toBe(link);
    await drawn(again);
    const selected = await part.count(again, kSelected);
    expect(selected).toBeGreaterThan(20);
    await again.evaluate(() => {
      const lose = document.querySelector("canvas")!.getContext("webgl2")!.getExtension("WEBGL_lose_context")!;
      lose.loseContext();
      setTimeout(() => lose.restoreContext(), 300);
    });
    await again.waitForFunction(() => document.querySelector("[role=application]")?.getAttribute("aria-busy") === "true");
    await drawn(again);
    expect(Math.abs((await part.count(again, kSelected)) - selected)).toBeLessThan(selected / 10 + 20);
    await again.close();
  });

  test("keys move and zoom, and are listed", async () => {
    const before = page.url();
    await part.drawing(page).focus();
    for (const key of ["ArrowRight", "-", "ArrowUp", "+"]) await page.keyboard.press(key);
    await page.waitForURL((url) => url.href !== before);
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys and gestures" }).waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "application");
  });

  test("the drawing's page leads to its sheets and entities here", async () => {
    const other = await context.newPage();
    await other.goto(service.base + path);
    await other.getByRole("grid", { name: "Entities" }).getByText("HATCH").first().click();
    await other.getByRole("dialog").getByRole("link", { name: "Show in the viewer" }).click();
    const properties = other.getByRole("region", { name: "Properties" });
    await properties.getByText("B1", { exact: true }).waitFor();
    await drawn(other);
    expect(other.url()).toMatch(/select=B1/);
    await other.evaluate(() => (location.hash = "#select=C9"));
    await properties.getByText("C9", { exact: true }).waitFor();
    await other.goto(service.base + path);
    await other.getByRole("list", { name: "Sheets" }).getByRole("button", { name: "A3 Plan" }).click();
    await other.getByRole("link", { name: "Open A3 Plan in the viewer" }).click();
    await drawn(other);
    await other.getByRole("button", { name: /A3 Plan/ }).waitFor();
    await other.close();
  });

  test("a drawing that is gone says so; one that the network kept away comes when asked again", async () => {
    const other = await context.newPage();
    await other.goto(`${service.base}/drawings/job_${"0".repeat(32)}/view`);
    await other.getByRole("alert").getByText(/not found/i).waitFor();
    expect(await barriers(other)).toEqual([]);
    let away = true;
    await context.route("**/scene?*", (route) => (away ? route.abort() : route.continue()));
    await other.goto(`${service.base}${path}/view`);
    await other.getByText("The server cannot be reached").waitFor();
    away = false;
    await other.getByRole("button", { name: "Try again" }).click();
    await drawn(other);
    expect(await part.count(other, kRed)).toBeGreaterThan(50);
    await other.close();
  });

  test("nothing went wrong meanwhile", () => expect(complaints).toEqual([]));
});
