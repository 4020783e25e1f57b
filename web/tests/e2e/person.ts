// SPDX-License-Identifier: Apache-2.0
// What a person does in the app, step by step, as several tests need it.
import { expect } from "vitest";
import type { Page } from "playwright-core";

import { made_address, made_password, type Service } from "./service";

export interface Person {
  email: string;
  password: string;
}

// The mail's link, as the operator of a service without a mail server gets it.
function link_of(service: Service, email: string): string {
  const printed = service.admin("user-link", email, "--verify");
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
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

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
