// SPDX-License-Identifier: Apache-2.0
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { barriers, launch } from "./browser";
import { kUnlimited, visit } from "./person";
import { Receiver, Service, until } from "./service";

let browser: Browser;
let receiver: Receiver;
let service: Service;

beforeAll(async () => {
  const start = Service.start([...kUnlimited, "--webhook-allow", "127.0.0.0/8", "--webhook-allow-http"]);
  [browser, receiver, service] = await Promise.all([launch(), Receiver.start(), start]);
});
afterAll(async () => {
  await Promise.all([browser?.close(), service?.stop()]);
  await receiver?.stop();
});

test("an endpoint gets a test event, the log shows what became of it, and it is sent again", async () => {
  const { context, page, complaints } = await visit(browser, service, "/webhooks");
  await page.getByRole("button", { name: "Add an endpoint" }).first().click();
  const url = page.getByLabel("URL", { exact: true });
  await url.fill("https://10.0.0.1/hook");
  await page.getByRole("button", { name: "Add the endpoint" }).click();
  await page.getByText("Must be a public address").waitFor();
  await url.fill(receiver.url);
  await page.getByRole("button", { name: "Add the endpoint" }).click();
  const secret = page.getByLabel("Secret", { exact: true });
  await secret.waitFor();
  expect(await secret.inputValue()).toMatch(/^whsec_/);
  await page.getByRole("button", { name: "I have saved it" }).click();

  const act = async (name: string) => {
    await page.getByRole("button", { name: /^Actions of/ }).click();
    await page.getByRole("menuitem", { name, exact: true }).click();
  };
  await act("Send a test event");
  const first = await until("the test event", () => receiver.received[0]);
  expect(first.headers["x-cadlens-signature"]).toMatch(/^sha256=/);
  const log = page.getByRole("table", { name: "Deliveries" });
  await log.getByText("Delivered").waitFor();
  await log.getByRole("button", { name: "Details" }).click();
  const payload = page.getByRole("region", { name: "Payload" });
  await payload.waitFor();
  expect(JSON.parse(await payload.innerText())).toMatchObject({ event: "webhook.test" });
  expect(await barriers(page)).toEqual([]);
  await page.getByRole("button", { name: "Send it again" }).click();
  const second = await until("the event again", () => receiver.received[1]);
  expect(second.headers["webhook-id"]).toBe(first.headers["webhook-id"]);

  await act("Deactivate");
  await page.getByRole("table", { name: "Endpoints" }).getByText("Inactive", { exact: true }).waitFor();
  await act("Delete …");
  await page.getByRole("button", { name: "Delete the endpoint" }).click();
  await page.getByText("No endpoints yet").waitFor();
  expect(complaints.all).toEqual([]);
  await context.close();
});
