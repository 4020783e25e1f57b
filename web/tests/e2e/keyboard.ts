// SPDX-License-Identifier: Apache-2.0
// A person without a pointer: what has the focus is seen to have it, and is come to by the Tab key.
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";

const kMostSteps = 120;

export interface Keyboard {
  has_focus: (wanted: Locator) => Promise<boolean>;
  tab_to: (wanted: Locator, key?: string) => Promise<void>;
  press: (wanted: Locator, key?: string) => Promise<void>;
}

export function by_keyboard(page: Page): Keyboard {
  const has_focus = (wanted: Locator) => wanted.evaluate((element) => element === document.activeElement);

  // What has the focus must be seen to have it: by itself, over its content, or by what stands for it beside its label.
  const is_marked = () =>
    page.evaluate(() => {
      const marks = (element: Element, part?: string) => {
        const { outlineStyle, boxShadow } = getComputedStyle(element, part);
        return outlineStyle !== "none" || boxShadow !== "none";
      };
      const focused = document.activeElement!;
      const of_label = focused.closest("label")?.querySelectorAll("*") ?? [];
      return marks(focused) || marks(focused, "::before") || [...of_label].some((element) => marks(element));
    });

  const tab_to = async (wanted: Locator, key = "Tab") => {
    await wanted.waitFor({ state: "attached" });
    for (let step = 0; step < kMostSteps; ++step) {
      if (await has_focus(wanted)) {
        expect(await is_marked(), `${wanted} shows that it has the focus`).toBe(true);
        return;
      }
      await page.keyboard.press(key);
    }
    throw new Error(`Tab does not lead to ${wanted}`);
  };

  const press = async (wanted: Locator, key = "Enter") => {
    await tab_to(wanted);
    await page.keyboard.press(key);
  };
  return { has_focus, tab_to, press };
}
