// SPDX-License-Identifier: Apache-2.0
// Somebody with an account, and what they do to get in.
import type { Browser, BrowserContext, Page } from "playwright-core";

import { type Complaints, new_page } from "./browser";
import { made_address, made_password, Service } from "./service";

// Tests sign in more often than people do.
export const kUnlimited = ["--rate-costly", "0", "--rate-sign-in", "0", "--rate-account-sign-in", "0", "--rate-mailbox", "0"];

export interface Person {
  email: string;
  password: string;
}

export async function made_person(service: Service): Promise<Person> {
  const person = { email: made_address(), password: made_password() };
  const link = service.admin("add-user", person.email).trim();
  const token = new URLSearchParams(new URL(link).hash.slice(1)).get("token");
  const answer = await fetch(`${service.base}/v1/auth/reset-password`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ token, password: person.password }),
  });
  if (!answer.ok) throw new Error(`the password was refused: ${answer.status}`);
  return person;
}

export async function sign_in(page: Page, { email, password }: Person) {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

export interface Visit {
  context: BrowserContext;
  page: Page;
  complaints: Complaints;
  person: Person;
}

// A new browser in which a new person is on the page of that path.
export async function visit(browser: Browser, service: Service, path: string): Promise<Visit> {
  const person = await made_person(service);
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const { page, complaints } = await new_page(context);
  await page.goto(service.base + path);
  await sign_in(page, person);
  await page.getByRole("navigation", { name: "Main" }).getByText("Overview").waitFor();
  return { context, page, complaints, person };
}

export const heading = (page: Page, name: string) => page.getByRole("heading", { name, level: 1 });
