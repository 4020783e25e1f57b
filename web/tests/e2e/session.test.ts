// SPDX-License-Identifier: Apache-2.0
// What goes wrong on the way: the session ends, the network is gone, the service is away, a link is used twice.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { launch } from "./browser";
import { go_to, kUnlimited, made_person, type Person, sign_in, sign_up } from "./person";
import { Service } from "./service";

let browser: Browser;
let service: Service;
let page: Page;
let person: Person;

beforeAll(async () => {
  [browser, service] = await Promise.all([launch(), Service.start(kUnlimited)]);
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

const kUrl = "https://example.com/half-typed";

// Elsewhere the same person ends all other sessions.
async function end_sessions() {
  const call = async (method: string, path: string, headers: Record<string, string>, body?: object) => {
    const answer = await fetch(service.base + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return (await answer.json()) as { token: string };
  };
  const { token } = await call("POST", "/v1/auth/login", { "Content-Type": "application/json" }, person);
  await call("DELETE", "/v1/auth/sessions", { Authorization: `Bearer ${token}` });
}

// A dialog that is half filled when the session ends. It is told by the request that would have sent it.
async function left_half_filled(): Promise<Page> {
  const tab = await page.context().newPage();
  tab.setDefaultTimeout(20_000);
  await tab.goto(`${service.base}/webhooks`);
  await tab.getByRole("button", { name: "Add an endpoint" }).first().click();
  await tab.getByLabel("URL", { exact: true }).fill(kUrl);
  await end_sessions();
  await tab.getByRole("dialog").getByRole("button", { name: "Add the endpoint" }).click();
  await tab.getByText("your session had ended").waitFor();
  return tab;
}

// What the document holds, what is typed into its fields as well.
const held = (tab: Page) =>
  tab.evaluate(() => document.documentElement.outerHTML + [...document.querySelectorAll("input, textarea")].map((field) => (field as HTMLInputElement).value).join("\n") + document.title);

test("S11 what was half typed when the session ended is there when the same person is back, and can be sent", async () => {
  const tab = await left_half_filled();
  const meanwhile = await held(tab);
  for (const secret of [kUrl, person.email, "Webhooks"]) expect(meanwhile).not.toContain(secret);
  await sign_in(tab, person);
  const dialog = tab.getByRole("dialog");
  await dialog.getByText("nothing was done").waitFor();
  expect(await dialog.getByLabel("URL", { exact: true }).inputValue()).toBe(kUrl);
  await dialog.getByRole("button", { name: "Add the endpoint" }).click();
  await dialog.getByText("the only time that the secret is shown").waitFor();

  // A secret that is shown this once comes back to its owner alone, and not after signing out.
  const secret = await dialog.getByRole("textbox", { name: "Secret" }).inputValue();
  const other = await tab.context().newPage();
  await other.goto(`${service.base}/account`);
  await other.getByRole("button", { name: "Account menu" }).click();
  await other.getByRole("menuitem", { name: "Sign out" }).click();
  await tab.getByRole("heading", { name: "Sign in" }).waitFor();
  expect(await tab.getByText("your session had ended").count(), "they ended it themselves").toBe(0);
  await sign_in(tab, person);
  await tab.getByRole("heading", { level: 1, name: "Webhooks" }).waitFor();
  await tab.getByText(kUrl).first().waitFor();
  expect(await tab.getByRole("dialog").count()).toBe(0);
  expect(await held(tab)).not.toContain(secret);
  await Promise.all([tab.close(), other.close()]);
});

test("S11 nothing of who was there before is left for another person", async () => {
  const tab = await left_half_filled();
  const another = await made_person(service);
  await sign_in(tab, another);
  await tab.getByRole("heading", { level: 1, name: "Webhooks" }).waitFor();
  await tab.getByText("No endpoints yet").waitFor();
  expect(await tab.getByRole("dialog").count()).toBe(0);
  const theirs = await held(tab);
  for (const secret of [kUrl, person.email]) expect(theirs).not.toContain(secret);
  expect(theirs).toContain(another.email);
  await tab.getByRole("button", { name: "Add an endpoint" }).first().click();
  expect(await tab.getByLabel("URL", { exact: true }).inputValue()).toBe("");
  await tab.close();
  await page.context().clearCookies();
  await page.goto(`${service.base}/activity`);
  await sign_in(page, person);
  await page.getByRole("heading", { level: 1, name: "Activity" }).waitFor();
});

test("S11 who signs in as somebody else in one tab does so in all", async () => {
  const context = await browser.newContext();
  const [one, two] = [await context.newPage(), await context.newPage()];
  const other = await made_person(service);
  for (const tab of [one, two]) await tab.goto(`${service.base}/sign-in`);
  await sign_in(one, person);
  for (const tab of [one, two]) await tab.getByText(person.email).first().waitFor();
  await two.getByRole("button", { name: "Account menu" }).click();
  await two.getByRole("menuitem", { name: "Sign out" }).click();
  for (const tab of [one, two]) await tab.getByLabel("E-mail").waitFor();
  await sign_in(two, other);
  for (const tab of [one, two]) await tab.getByText(other.email).first().waitFor();
  expect(await one.content()).not.toContain(person.email);
  await context.close();
});

test("a link that is followed where an older one was is taken, and leaves the address bar", async () => {
  const other = await (await browser.newContext()).newPage();
  await other.goto(`${service.base}/reset-password#token=old`);
  await other.getByLabel("New password").waitFor();
  await other.evaluate(() => (location.hash = "#token=new"));
  await other.waitForURL((url) => url.hash === "");
  await other.goto(`${service.base}/verify-email#%E0%A4%A`);
  await other.getByRole("heading", { level: 1 }).waitFor();
  expect(new URL(other.url()).hash).toBe("");
  await other.context().close();
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
