// SPDX-License-Identifier: Apache-2.0
// What goes wrong on the way: the session ends, the network is gone, the service is away, a link is used twice.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { launch } from "./browser";
import { go_to, type Person, sign_in, sign_up } from "./person";
import { Service } from "./service";

let browser: Browser;
let service: Service;
let page: Page;
let person: Person;

beforeAll(async () => {
  [browser, service] = await Promise.all([launch(), Service.start()]);
  page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(20_000);
  person = await sign_up(page, service);
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

test("S12 an access token that is gone is had anew without a word", async () => {
  const context = page.context();
  const kept = (await context.cookies()).filter(({ name }) => !name.endsWith("_access"));
  await context.clearCookies();
  await context.addCookies(kept);
  await go_to(page, "Webhooks");
  await page.getByText("No endpoints yet").waitFor();
  expect((await context.cookies()).some(({ name }) => name.endsWith("_access"))).toBe(true);
});

test("S11 a session that has ended says so, and signing in goes on where one was", async () => {
  await page.context().clearCookies();
  await page.getByRole("link", { name: "Activity" }).click();
  await page.getByText("your session had ended").waitFor();
  expect(new URL(page.url()).pathname).toBe("/activity");
  await sign_in(page, person);
  await page.getByRole("heading", { level: 1, name: "Activity" }).waitFor();
});

test("a wrong password is refused in the server's words, and what was typed stays", async () => {
  const other = await (await browser.newContext()).newPage();
  await other.goto(`${service.base}/sign-in`);
  await sign_in(other, { email: person.email, password: "not this one" });
  await other.getByRole("alert").waitFor();
  expect(await other.getByLabel("E-mail").inputValue()).toBe(person.email);
  await other.context().close();
});

test("offline: the page says so, and goes on when the network is back", async () => {
  await go_to(page, "API keys");
  await page.getByRole("button", { name: "Create a key" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("kept while offline");
  await page.context().setOffline(true);
  await dialog.getByRole("button", { name: "Create the key" }).click();
  await dialog.getByText("The server cannot be reached").waitFor();
  expect(await dialog.getByLabel("Name").inputValue()).toBe("kept while offline");
  await page.context().setOffline(false);
  await dialog.getByRole("button", { name: "Create the key" }).click();
  await dialog.getByRole("button", { name: "I have saved it" }).click();
});

test("the service is away: a reload says so, and trying again finds it back", async () => {
  const other = await page.context().newPage();
  await other.goto(`${service.base}/keys`);
  await other.getByRole("table", { name: "Keys" }).waitFor();
  await service.without(async () => {
    await other.getByRole("link", { name: "Activity" }).click();
    await other.getByText("The server cannot be reached").first().waitFor();
  });
  await other.getByRole("button", { name: "Try again" }).first().click();
  await other.getByRole("heading", { level: 1, name: "Activity" }).waitFor();
  await other.close();
});

test("the first run's link signs the owner in, once", async () => {
  const token = /#(\S+)/.exec(service.admin("owner-link"))?.[1];
  const owner = await (await browser.newContext()).newPage();
  await owner.goto(`${service.base}/welcome#${token}`);
  await owner.getByRole("heading", { name: "Overview" }).waitFor();
  const again = await (await browser.newContext()).newPage();
  await again.goto(`${service.base}/welcome#${token}`);
  await again.getByRole("alert").waitFor();
  await Promise.all([owner.context().close(), again.context().close()]);
});
