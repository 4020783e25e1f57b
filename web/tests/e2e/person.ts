// SPDX-License-Identifier: Apache-2.0
// Somebody with an account, and what they do to get in.
import type { Browser, BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";

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

export async function token_of(service: Service, person: Person): Promise<string> {
  const answer = await fetch(`${service.base}/v1/auth/login`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(person),
  });
  if (!answer.ok) throw new Error(`signing in: ${answer.status}`);
  return ((await answer.json()) as { token: string }).token;
}

// The mail's link, as the operator of a service without a mail server gets it.
function link_of(service: Service, email: string): string {
  const printed = service.admin("user-link", email, "--verify", "--public-url", service.base);
  const link = /http\S+#\S+/.exec(printed)?.[0];
  if (!link) throw new Error(`no link in: ${printed.replaceAll(/#\S+/g, "#…")}`);
  return link;
}

export async function sign_up(page: Page, service: Service): Promise<Person> {
  const person = { email: made_address(), password: made_password() };
  await page.goto(`${service.base}/sign-up`);
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Sign up" }).click();
  await page.getByRole("heading", { name: "One more step" }).waitFor();
  await page.goto(link_of(service, person.email));
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Confirm and sign in" }).click();
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  expect(new URL(page.url()).hash, "the token leaves the address bar").toBe("");
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

export async function go_to(page: Page, name: string) {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

// As a file manager does it: dragged over the page, and let go.
export async function drop(page: Page, name: string, content: Buffer) {
  const transfer = await page.evaluateHandle(
    ([name, base64]) => {
      const transfer = new DataTransfer();
      const bytes = Uint8Array.from(atob(base64!), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([bytes], name!));
      return transfer;
    },
    [name, content.toString("base64")],
  );
  for (const type of ["dragenter", "dragover", "drop"]) await page.dispatchEvent("body", type, { dataTransfer: transfer });
}
