// SPDX-License-Identifier: Apache-2.0
// What must hold of whatever a page shows, light and dark, wide and narrow: no barrier that axe-core calls serious, nothing wider
// than the screen, no table and no dialog wider than its place. CADLENS_SCREENSHOTS names a folder for pictures of it.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect } from "vitest";

import { barriers } from "./browser";

const folder = process.env.CADLENS_SCREENSHOTS;
if (folder) mkdirSync(folder, { recursive: true });

export const widths = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const;
const themes = ["light", "dark"] as const;

export async function set_screen(page: Page, { width, height }: { width: number; height: number }) {
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
}

// What has to be moved sideways to be seen, and by how much.
const too_wide = (page: Page) =>
  page.evaluate(() => {
    const places = [document.documentElement, ...[...document.querySelectorAll("table[aria-label], [role=dialog]")].map((element) => element.parentElement!)];
    return places.filter((place) => place.scrollWidth > place.clientWidth).map((place) => `${place.tagName} ${place.firstElementChild?.ariaLabel ?? ""} by ${place.scrollWidth - place.clientWidth} px`);
  });

// `whole`: the picture is of all of the page, not of what is in sight.
export async function looks_right(page: Page, name: string, { whole = true } = {}) {
  const width = page.viewportSize()!.width;
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme });
    await page.waitForFunction((wanted) => document.documentElement.dataset["theme"] === wanted, theme);
    if (folder) await page.screenshot({ path: join(folder, `${name}-${width}-${theme}.png`), fullPage: whole });
    const which = `${name}, ${theme}, ${width} px`;
    expect(await too_wide(page), which).toEqual([]);
    expect(await barriers(page), which).toEqual([]);
  }
}
