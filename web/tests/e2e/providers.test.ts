// SPDX-License-Identifier: Apache-2.0
// Signing in with another service.
import { randomBytes } from "node:crypto";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { barriers, launch, new_page } from "./browser";
import { OpenId } from "./openid";
import { heading } from "./person";
import { Service } from "./service";

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

test("S13 somebody signs in with a provider, and is on the page that was asked for", async () => {
  const context = await browser.newContext();
  const { page, complaints } = await new_page(context);
  await page.goto(`${service.base}/account`);
  await page.getByRole("button", { name: "Continue with Google" }).click();
  await heading(page, "Account").waitFor();
  expect(page.url()).toBe(`${service.base}/account`);
  await page.getByText(provider.user.email).first().waitFor();
  await page.getByText("Signed up with it").waitFor();
  await page.getByRole("button", { name: "Unlink" }).click();
  await page.getByRole("button", { name: "Unlink it" }).click();
  await page.getByRole("alert").getByText("This is the only way to sign in").waitFor();
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
