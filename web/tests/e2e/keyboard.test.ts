// SPDX-License-Identifier: Apache-2.0
// The whole way without a pointer: nothing is clicked, and what has the focus is what is meant.
import { Buffer } from "node:buffer";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { drawn, launch } from "./browser";
import { made_drawing } from "./drawing";
import { by_keyboard, type Keyboard } from "./keyboard";
import { heading, made_person, type Person } from "./person";
import { Service } from "./service";

let browser: Browser;
let service: Service;
let page: Page;
let person: Person;
let keyboard: Keyboard;
const has_focus: Keyboard["has_focus"] = (wanted) => keyboard.has_focus(wanted);
const tab_to: Keyboard["tab_to"] = (wanted, key) => keyboard.tab_to(wanted, key);
const press: Keyboard["press"] = (wanted, key) => keyboard.press(wanted, key);

beforeAll(async () => {
  [browser, service] = await Promise.all([launch(), Service.start()]);
  person = await made_person(service);
  page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  page.setDefaultTimeout(20_000);
  keyboard = by_keyboard(page);
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

const link = (name: string) => page.getByRole("navigation", { name: "Main" }).getByRole("link", { name });
const in_dialog = () => page.getByRole("dialog");

test("signs in, and skips the navigation", async () => {
  await page.goto(`${service.base}/sign-in`);
  await tab_to(page.getByLabel("E-mail"));
  await page.keyboard.type(person.email);
  await tab_to(page.getByLabel("Password"));
  await page.keyboard.type(person.password);
  await page.keyboard.press("Enter");
  await heading(page, "Overview").waitFor();
  await page.reload();
  await heading(page, "Overview").waitFor();
  await press(page.getByRole("link", { name: "Skip to content" }));
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("content");
});

test("makes a key and rotates it", async () => {
  await press(link("API keys"));
  await press(page.getByRole("button", { name: "Create a key" }).first());
  expect(await has_focus(in_dialog().getByLabel("Name"))).toBe(true);
  await page.keyboard.type("by keyboard");
  await press(in_dialog().getByRole("button", { name: "Create the key" }));
  await press(in_dialog().getByRole("button", { name: "I have saved it" }));
  await in_dialog().waitFor({ state: "detached" });
  await press(page.getByRole("button", { name: /Actions/ }).first());
  await page.getByRole("menuitem", { name: /Rotate/ }).waitFor();
  await page.keyboard.type("Rot");
  await page.keyboard.press("Enter");
  await press(in_dialog().getByRole("button", { name: "Make the new key" }));
  await press(in_dialog().getByRole("button", { name: "I have saved it" }));
  await in_dialog().waitFor({ state: "detached" });
});

test("sends a drawing and opens it", async () => {
  await press(link("Drawings"));
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), press(page.getByRole("button", { name: "Upload drawings" }).first())]);
  await chooser.setFiles({ name: "plan.dxf", mimeType: "application/octet-stream", buffer: Buffer.from(made_drawing()) });
  const table = page.getByRole("table", { name: "Drawings" });
  await table.getByText("Ready").waitFor();
  await press(table.getByRole("link", { name: "plan.dxf" }));
  await heading(page, "plan.dxf").waitFor();
  await press(page.getByRole("link", { name: "Open in the viewer" }));
});

test("finds, selects, measures and hides in the viewer", async () => {
  const sheet = page.getByRole("application");
  await drawn(page);
  await tab_to(sheet);
  await page.keyboard.press("s");
  const search = page.getByRole("region", { name: "Search" });
  await tab_to(search.getByRole("searchbox"));
  await page.keyboard.type("Room");
  await page.keyboard.press("Enter");
  await press(search.getByRole("button", { name: /Room 12/ }));
  await tab_to(sheet, "Shift+Tab");
  await page.keyboard.press("p");
  await page.getByRole("region", { name: "Properties" }).getByText("TEXT").first().waitFor();

  await page.keyboard.press("p");
  await page.keyboard.press("0");
  await page.keyboard.press("d");
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  const distance = page.getByRole("region", { name: "Distance" });
  await distance.getByText(/^[1-9][\d.]* mm$/).first().waitFor();
  await tab_to(distance.getByLabel("X 1"));
  await page.keyboard.press("Control+A");
  await page.keyboard.type("0");
  await tab_to(sheet, "Shift+Tab");
  await page.keyboard.press("v");

  await page.keyboard.press("l");
  await press(page.getByRole("region", { name: "Layers" }).getByRole("checkbox", { name: "Walls" }), "Space");
  await page.waitForFunction(() => /hide=/.test(location.hash));
  await press(page.getByRole("button", { name: "Back to the drawing's page" }));
  await heading(page, "plan.dxf").waitFor();
});

test("deletes the drawing, and the account", async () => {
  await press(page.getByRole("button", { name: "Delete", exact: true }));
  await press(in_dialog().getByRole("button", { name: /^Delete/ }));
  await heading(page, "Drawings").waitFor();
  await press(page.getByRole("button", { name: "Account menu" }));
  await page.keyboard.press("Enter");
  await heading(page, "Account").waitFor();
  await press(page.getByRole("button", { name: /Delete the account/ }));
  await tab_to(in_dialog().getByRole("textbox"));
  await page.keyboard.type(person.email);
  await press(in_dialog().getByRole("button", { name: "Delete everything" }));
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
});
