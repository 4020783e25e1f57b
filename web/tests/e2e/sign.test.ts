// SPDX-License-Identifier: Apache-2.0
// Getting in: by a new account, a password, links, and again after a session has ended.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { barriers, launch, new_page } from "./browser";
import { heading, kUnlimited, made_person, sign_in, visit } from "./person";
import { made_address, made_password, Service } from "./service";

let browser: Browser;
let service: Service;

beforeAll(async () => {
  [browser, service] = await Promise.all([launch(), Service.start(kUnlimited)]);
});
afterAll(async () => {
  await Promise.all([browser?.close(), service?.stop()]);
});

const here = (link: string) => {
  const { pathname, hash } = new URL(link.trim());
  return service.base + pathname + hash;
};

test("somebody signs up, with the server's objections at the fields, and is in after confirming", async () => {
  const context = await browser.newContext();
  const { page, complaints } = await new_page(context);
  const [email, password] = [made_address(), made_password()];
  await page.goto(`${service.base}/sign-up`);
  await page.getByLabel("E-mail").fill("no address");
  await page.getByLabel("Password").fill("password1");
  await page.getByRole("button", { name: "Sign up" }).click();
  await page.getByText("Must be an e-mail address.").waitFor();
  expect(await barriers(page)).toEqual([]);
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("button", { name: "Sign up" }).click();
  await page.getByText("one of the most common ones").waitFor();
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign up" }).click();
  await heading(page, "One more step").waitFor();

  await page.goto(here(service.admin("user-link", email, "--verify")));
  await page.getByLabel("Password").fill(password);
  expect(new URL(page.url()).hash).toBe("");
  await page.getByRole("button", { name: "Confirm and sign in" }).click();
  await heading(page, "Overview").waitFor();
  expect(await page.evaluate(() => [Object.keys(localStorage), Object.keys(sessionStorage), document.cookie])).toEqual([[], [], ""]);
  expect(complaints.all).toEqual([]);
  await context.close();
});

test("a wrong password is told in the server's words, and what was typed stays", async () => {
  const person = await made_person(service);
  const context = await browser.newContext();
  const { page } = await new_page(context);
  await page.goto(`${service.base}/sign-in`);
  await sign_in(page, { ...person, password: "not this one" });
  await page.getByRole("alert").getByText("The e-mail address or the password is wrong.").waitFor();
  expect(await page.getByLabel("E-mail").inputValue()).toBe(person.email);
  await context.close();
});

test("a session that was ended elsewhere is told, and signing in leads back to the page", async () => {
  const { context, page, person } = await visit(browser, service, "/activity?from=here");
  await heading(page, "Activity").waitFor();
  const other = await browser.newContext();
  const { page: second } = await new_page(other);
  await second.goto(`${service.base}/account`);
  await sign_in(second, person);
  await second.getByRole("button", { name: "End all others" }).click();
  await second.getByText("One other session is ended.").waitFor();

  await page.getByRole("button", { name: "Refresh" }).click();
  await page.getByText("You were signed out").waitFor();
  await sign_in(page, person);
  await heading(page, "Activity").waitFor();
  expect(page.url()).toBe(`${service.base}/activity?from=here`);
  await Promise.all([context.close(), other.close()]);
});

test("a link to choose a password works once", async () => {
  const person = await made_person(service);
  const context = await browser.newContext();
  const { page } = await new_page(context);
  const link = here(service.admin("user-link", person.email));
  const chosen = made_password();
  await page.goto(link);
  await page.getByLabel("New password").fill(chosen);
  await page.getByRole("button", { name: "Save the password" }).click();
  await heading(page, "Sign in").waitFor();
  await sign_in(page, { ...person, password: chosen });
  await heading(page, "Overview").waitFor();

  await page.goto(link);
  await page.getByLabel("New password").fill(made_password());
  await page.getByRole("button", { name: "Save the password" }).click();
  await page.getByRole("alert").getByText("This link is not valid").waitFor();
  await page.reload();
  await page.getByText("This page needs the whole link.").waitFor();
  await context.close();
});

test("the owner of a first run comes in by a link, once, and chooses how to come back", async () => {
  const context = await browser.newContext();
  const { page, complaints } = await new_page(context);
  const link = here(service.admin("owner-link", "--public-url", service.base));
  const owner = { email: made_address(), password: made_password() };
  await page.goto(link);
  await heading(page, "Overview").waitFor();
  expect(page.url()).toBe(`${service.base}/`);
  await page.getByRole("link", { name: "Choose an address and a password" }).click();
  await page.getByLabel("E-mail").fill(owner.email);
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  expect(await barriers(page)).toEqual([]);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("heading", { name: "E-mail address" }).waitFor();
  expect(complaints.all).toEqual([]);
  await context.close();

  const again = await browser.newContext();
  const { page: second } = await new_page(again);
  await second.goto(link);
  await second.getByRole("alert").getByText("This link is not valid").waitFor();
  await second.goto(`${service.base}/sign-in`);
  await sign_in(second, owner);
  await heading(second, "Overview").waitFor();
  await again.close();
});

test("an account is deleted when its address is typed, and with it its sessions", async () => {
  const { context, page, person } = await visit(browser, service, "/account");
  await page.getByRole("button", { name: "Delete the account" }).click();
  const sure = page.getByRole("button", { name: "Delete everything" });
  await page.getByLabel(`Type ${person.email}`).fill("something else");
  expect(await sure.isDisabled()).toBe(true);
  await page.getByLabel(`Type ${person.email}`).fill(person.email);
  await sure.click();
  await heading(page, "Sign in").waitFor();
  await sign_in(page, person);
  await page.getByRole("alert").getByText("The e-mail address or the password is wrong.").waitFor();
  await context.close();
});
