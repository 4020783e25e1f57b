// SPDX-License-Identifier: Apache-2.0
// Signing in with another service.
import { randomBytes } from "node:crypto";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { barriers, launch, new_page } from "./browser";
import { OpenId } from "./openid";
import { heading, sign_in } from "./person";
import { made_password, Service } from "./service";

let browser: Browser;
let provider: OpenId;
let service: Service;

beforeAll(async () => {
  [browser, provider] = await Promise.all([launch(), OpenId.start()]);
  service = await Service.start(provider.options, { CADLENS_OAUTH_GOOGLE_CLIENT_SECRET: randomBytes(16).toString("hex") });
});
afterAll(async () => {
  await Promise.all([browser?.close(), service?.stop()]);
  await provider?.stop();
});

const actions = (page: Page) => page.getByRole("button", { name: /link(?! sent)/i }).allTextContents();

test("S13 somebody signs in with a provider, and is on the page that was asked for", async () => {
  const context = await browser.newContext();
  const { page, complaints } = await new_page(context);
  await page.goto(`${service.base}/account`);
  await page.getByRole("button", { name: "Continue with Google" }).click();
  await heading(page, "Account").waitFor();
  expect(page.url()).toBe(`${service.base}/account`);
  await page.getByText(provider.user.email).first().waitFor();
  await page.getByText("Signed up with it").waitFor();
  await page.getByText(`${provider.user.email}, linked`).waitFor();
  await page.getByText("It is your only way to sign in").waitFor();
  expect(await actions(page)).toEqual([]);
  expect(complaints.all).toEqual([]);
  await context.close();
});

test("S13 an account shows its ways to sign in, and offers what can be done with each", async () => {
  const context = await browser.newContext();
  const { page, complaints } = await new_page(context);
  await page.goto(`${service.base}/account`);
  await page.getByRole("button", { name: "Continue with Google" }).click();
  const no_password = page.getByRole("form", { name: "Choose a password" });
  await no_password.getByRole("button").click();
  await no_password.getByText("This service sends no mail").waitFor();
  expect(await page.getByLabel("Current password").count(), "there is none to change").toBe(0);
  expect(await page.getByLabel("Your password").count(), "nor to prove an address with").toBe(0);
  expect(await barriers(page)).toEqual([]);

  const person = { email: provider.user.email, password: made_password() };
  const link = new URL(service.admin("user-link", person.email).trim());
  await page.goto(service.base + link.pathname + link.hash);
  await page.getByLabel("New password").fill(person.password);
  await page.getByRole("button", { name: "Save the password" }).click();
  await heading(page, "Sign in").waitFor();
  await page.goto(`${service.base}/account`);
  await sign_in(page, person);
  await page.getByLabel("Current password").waitFor();
  await page.getByText(`${person.email}, linked`).waitFor();
  expect(await actions(page)).toEqual(["Unlink …"]);
  await page.getByRole("button", { name: "Unlink" }).click();
  await page.getByRole("button", { name: "Unlink it" }).click();
  await page.getByText("Not linked").waitFor();
  expect(await actions(page)).toEqual(["Link"]);

  await page.getByRole("button", { name: "Link", exact: true }).click();
  await page.getByText(`${person.email}, linked`).waitFor();
  expect(page.url()).toBe(`${service.base}/account`);
  expect(await barriers(page)).toEqual([]);
  expect(complaints.all).toEqual([]);
  await context.close();
});

test("what a provider, or the server, refuses is said on a page", async () => {
  const context = await browser.newContext();
  const { page } = await new_page(context);
  await page.goto(`${service.base}/sign-in/google?error=access_denied&state=of-nobody`);
  await page.getByRole("alert").getByText("Google did not sign you in").waitFor();
  await page.goto(`${service.base}/sign-in/google?code=of-nobody&state=of-nobody`);
  await page.getByRole("alert").waitFor();
  expect(new URL(page.url()).search).toBe("");
  expect(await barriers(page)).toEqual([]);
  await page.getByRole("link", { name: "Back to signing in" }).click();
  await heading(page, "Sign in").waitFor();
  await context.close();
});
