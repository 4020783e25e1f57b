// SPDX-License-Identifier: Apache-2.0
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { barriers, launch } from "./browser";
import { kUnlimited, visit } from "./person";
import { Service } from "./service";

let browser: Browser;
let service: Service;

beforeAll(async () => {
  [browser, service] = await Promise.all([launch(), Service.start(kUnlimited)]);
});
afterAll(async () => {
  await Promise.all([browser?.close(), service?.stop()]);
});

const status_with = async (key: string) => (await fetch(`${service.base}/v1/jobs`, { headers: { Authorization: `Bearer ${key}` } })).status;

// Takes the key that is shown this once.
async function taken(page: Page): Promise<string> {
  const field = page.getByLabel("The new key", { exact: true }).and(page.getByRole("textbox"));
  await field.waitFor();
  const key = await field.inputValue();
  expect(await barriers(page)).toEqual([]);
  await page.keyboard.press("Escape");
  expect(await field.isVisible()).toBe(true);
  await page.getByRole("button", { name: "I have saved it" }).click();
  await field.waitFor({ state: "detached" });
  return key;
}

async function create(page: Page, name: string): Promise<string> {
  await page.getByRole("button", { name: "Create a key" }).first().click();
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Create the key" }).click();
  return taken(page);
}

test("S08 a key that is on its way is waited for: it is shown this once", async () => {
  const { context, page } = await visit(browser, service, "/keys");
  await page.getByRole("button", { name: "Create a key" }).first().click();
  await page.getByLabel("Name").fill("Slow");
  let answer = () => {};
  const held = new Promise<void>((done) => (answer = done));
  await page.route("**/v1/keys", async (route) => {
    if (route.request().method() === "POST") await held;
    await route.continue();
  });
  await page.getByRole("button", { name: "Create the key" }).click();
  expect(await page.getByRole("button", { name: "Cancel" }).isDisabled()).toBe(true);
  expect(await page.getByRole("button", { name: "Close" }).isDisabled()).toBe(true);
  await page.keyboard.press("Escape");
  await page.mouse.click(5, 5);
  answer();
  expect(await taken(page)).toMatch(/^cadl_/);
  await context.close();
});

test("S08 S24 a key is shown once, rotated with an overlap, and the old one ended", async () => {
  const { context, page, complaints } = await visit(browser, service, "/keys");
  await page.getByText("No active keys").waitFor();
  await page.getByRole("button", { name: "Create a key" }).first().click();
  await page.getByLabel("Name").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  const old = await create(page, "Plant");
  expect(old).toMatch(/^cadl_[0-9a-f]{48}$/);
  expect(await page.content()).not.toContain(old);
  expect(await status_with(old)).toBe(200);

  await page.getByRole("button", { name: /^Actions of Plant/ }).click();
  await page.getByRole("menuitem", { name: "Rotate" }).click();
  await page.getByRole("button", { name: "Make the new key" }).click();
  const replacement = await taken(page);
  await page.getByRole("heading", { name: "Rotations under way" }).waitFor();
  expect(await barriers(page)).toEqual([]);
  expect([await status_with(old), await status_with(replacement)]).toEqual([200, 200]);

  await page.getByRole("button", { name: "End the old key now" }).click();
  await page.getByRole("button", { name: "Revoke the key" }).click();
  await page.getByRole("heading", { name: "Rotations under way" }).waitFor({ state: "detached" });
  expect([await status_with(old), await status_with(replacement)]).toEqual([401, 200]);
  await page.getByText("Show 1 expired or revoked").click();
  await page.getByRole("table", { name: "API keys" }).getByText("Revoked").waitFor();
  expect(complaints.all).toEqual([]);
  await context.close();
});

test("S21 a key gets the label, the scopes and the networks that were chosen", async () => {
  const { context, page } = await visit(browser, service, "/keys");
  await page.getByRole("button", { name: "Create a key" }).first().click();
  await page.getByLabel("Name").fill("Reader");
  await page.getByLabel("Project or environment").fill("staging");
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Send drawings").click();
  await dialog.getByText("Delete jobs and what belongs to them").click();
  await page.getByLabel("Allowed networks").fill("999.1.1.1");
  await page.getByRole("button", { name: "Create the key" }).click();
  await page.getByRole("alert").getByText("is no network").waitFor();
  await page.getByLabel("Allowed networks").fill("127.0.0.0/8, ::1");
  await page.getByRole("button", { name: "Create the key" }).click();
  const key = await taken(page);
  const row = page.getByRole("row", { name: /Reader/ });
  await row.waitFor();
  const told = await row.innerText();
  for (const text of ["staging", "jobs:read", "from 127.0.0.0/8, ::1"]) expect(told).toContain(text);
  expect(told).not.toContain("parse");
  const refused = await fetch(`${service.base}/v1/jobs/job_00000000000000000000000000000000`, { method: "DELETE", headers: { Authorization: `Bearer ${key}` } });
  expect(refused.status).toBe(403);
  await context.close();
});

test("a request that cannot be sent loses nothing", async () => {
  const { context, page } = await visit(browser, service, "/keys");
  await page.getByRole("button", { name: "Create a key" }).first().click();
  await page.getByLabel("Name").fill("Offline");
  await context.setOffline(true);
  await page.getByRole("button", { name: "Create the key" }).click();
  await page.getByRole("alert").getByText("The server cannot be reached.").waitFor();
  await context.setOffline(false);
  await page.getByRole("button", { name: "Create the key" }).click();
  await taken(page);
  await page.getByRole("row", { name: /Offline/ }).waitFor();
  await context.close();
});
