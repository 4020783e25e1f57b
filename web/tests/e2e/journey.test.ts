// SPDX-License-Identifier: Apache-2.0
// One person's way through the whole of it, from signing up to deleting the account.
import { createHmac } from "node:crypto";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { Complaints, inked, drawn, launch } from "./browser";
import { made_drawing } from "./drawing";
import { drop, go_to, type Person, sign_in, sign_up } from "./person";
import { Receiver, Service, until } from "./service";

let browser: Browser;
let service: Service;
let receiver: Receiver;
let context: BrowserContext;
let page: Page;
let complaints: Complaints;
let person: Person;
let key = "";

beforeAll(async () => {
  [browser, receiver, service] = await Promise.all([
    launch(),
    Receiver.start(),
    Service.start(["--webhook-allow", "127.0.0.0/8", "--webhook-allow-http"]),
  ]);
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, permissions: ["clipboard-read", "clipboard-write"] });
  page = await context.newPage();
  page.setDefaultTimeout(20_000);
  complaints = new Complaints(page);
});
afterAll(async () => {
  await browser?.close();
  await Promise.all([service?.stop(), receiver?.stop()]);
});

const with_key = (path: string, of: string) => fetch(service.base + path, { headers: { Authorization: `Bearer ${of}` } });

test("S10 signs up, and is asked for the password once more", async () => {
  person = await sign_up(page, service);
  expect(await page.evaluate(() => Object.keys(localStorage).concat(Object.keys(sessionStorage)))).toEqual([]);
  expect(await page.evaluate(() => document.cookie), "no script reads the session").toBe("");
});

test("S08 makes a key, which is shown once", async () => {
  await go_to(page, "API keys");
  await page.getByRole("button", { name: "Create a key" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("plotter");
  await dialog.getByRole("button", { name: "Create the key" }).click();
  key = await dialog.getByRole("textbox", { name: "The new key" }).inputValue();
  expect(key).toMatch(/^cadl_[0-9a-f]{48}$/);
  await dialog.getByRole("button", { name: "I have saved it" }).click();
  expect((await with_key("/v1/jobs", key)).status).toBe(200);
  await page.reload();
  await page.getByRole("table", { name: "Keys" }).getByText("plotter").waitFor();
  expect(await page.content()).not.toContain(key.slice(12));
});

test("sends a drawing by drag and drop, and watches it complete", async () => {
  await go_to(page, "Drawings");
  await drop(page, "house.dxf", made_drawing());
  const row = page.getByRole("table", { name: "Drawings" }).getByRole("row").filter({ hasText: "house.dxf" });
  await row.getByText("Ready").waitFor();
  const picture = row.locator("img");
  expect(await picture.getAttribute("src"), "a list has small pictures").toContain("/thumbnail.png?");
  const loaded = await until("the picture", () => picture.evaluate((image: HTMLImageElement) => (image.complete && image.naturalWidth) || undefined));
  expect(loaded).toBeLessThanOrEqual(320);
  await row.getByRole("link", { name: "house.dxf" }).click();
  await page.getByRole("heading", { level: 1, name: "house.dxf" }).waitFor();
  await page.getByText("Walls").first().waitFor();
});

test("opens the viewer, hides a layer, selects an entity, measures", async () => {
  await page.getByRole("link", { name: /viewer/i }).first().click();
  const canvas = page.locator("canvas").first();
  await canvas.waitFor();
  const layers = page.getByRole("button", { name: "Layers" });
  await drawn(page);

  if ((await layers.getAttribute("aria-pressed")) !== "true") await layers.click();
  const walls = page.getByRole("region", { name: "Layers" }).getByText("Walls");
  await walls.waitFor();
  const ink = async () => inked(page, await canvas.screenshot());
  const idle = page.locator("footer").getByText("Drawing …");
  const settled = async () => {
    await idle.waitFor({ state: "detached" });
    return ink();
  };
  // The square's sides are 100 units long each, and the panel covers one.
  const sides = (300 * 0.9) / Number(/1 px = ([\d.]+)/.exec((await page.locator("footer").textContent()) ?? "")?.[1]);
  const before = await until("the drawing on the canvas", async () => ((await settled()) > sides ? ink() : undefined));
  await walls.click();
  await until("the walls to go", async () => (before - (await ink()) > sides || undefined));
  await walls.click();
  await until("the walls to come back", async () => (before - (await ink()) < sides / 10 || undefined));

  await page.getByRole("button", { name: "Search text" }).click();
  await page.getByRole("region", { name: /search/i }).getByRole("searchbox").fill("Room");
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: /search/i }).getByRole("button", { name: /Room 12/ }).click();
  await page.getByRole("button", { name: "Properties" }).click();
  await page.getByRole("region", { name: "Properties" }).getByText("TEXT").first().waitFor();
  await page.getByRole("region", { name: "Properties" }).getByText("by layer").first().waitFor();

  await page.getByRole("button", { name: "Close properties" }).click();

  await page.getByRole("button", { name: "Measure a distance" }).click();
  await page.getByRole("button", { name: "Zoom to fit" }).click();
  await settled();
  const box = (await canvas.boundingBox())!;
  // Ends are caught from some pixels away. The panel covers the square's right side.
  const at = async (x: number, y: number) => {
    const status = page.locator("footer");
    const scale = Number(/1 px = ([\d.]+)/.exec((await status.textContent()) ?? "")?.[1]);
    return { x: box.x + box.width / 2 + (x - 50) / scale, y: box.y + box.height / 2 - (y - 50) / scale };
  };
  const corner = await at(0, 0);
  const other = await at(0, 100);
  await page.mouse.move(corner.x + 2, corner.y + 2);
  await page.mouse.click(corner.x + 2, corner.y + 2);
  await page.mouse.move(other.x + 2, other.y - 2);
  await page.mouse.click(other.x + 2, other.y - 2);
  const distance = page.getByRole("region", { name: "Distance" });
  await distance.getByText(/^100(\.0+)? mm$/).first().waitFor();
});

test("S24 rotates the key: both work for a while", async () => {
  await page.goto(`${service.base}/keys`);
  const row = page.getByRole("table", { name: "Keys" }).getByRole("row").filter({ hasText: "plotter" });
  await row.getByRole("button").first().click();
  await page.getByRole("menuitem", { name: /Rotate/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Make the new key" }).click();
  const replacement = await dialog.getByRole("textbox", { name: "The new key" }).inputValue();
  await dialog.getByRole("button", { name: "I have saved it" }).click();
  expect(replacement).not.toBe(key);
  for (const one of [key, replacement]) expect((await with_key("/v1/jobs", one)).status).toBe(200);
});

test("S23 sees the usage", async () => {
  await go_to(page, "Overview");
  await page.getByText("Requests by day").first().waitFor();
  await page.getByText("100%").first().waitFor();
});

test("S22 receives a test webhook that is signed", async () => {
  await go_to(page, "Webhooks");
  await page.getByRole("button", { name: /Add an endpoint/ }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "URL" }).fill(receiver.url);
  await dialog.getByRole("button", { name: "Add the endpoint" }).click();
  const secret = await dialog.getByRole("textbox", { name: /secret/i }).first().inputValue();
  expect(secret).toMatch(/^whsec_/);
  await dialog.getByRole("button", { name: /saved/ }).click();
  await page.getByRole("button", { name: /Actions of/ }).click();
  await page.getByRole("menuitem", { name: "Send a test event" }).click();
  const event = await until("the test event", () => receiver.received[0]);
  expect(JSON.parse(event.body)).toMatchObject({ event: "webhook.test" });
  const signed = createHmac("sha256", secret).update(event.body).digest("hex");
  expect([signed, createHmac("sha256", Buffer.from(secret.slice(6), "base64")).update(event.body).digest("hex")].map((hex) => `sha256=${hex}`)).toContain(
    event.headers["x-cadlens-signature"],
  );
  await page.getByRole("table", { name: "Deliveries" }).getByText("Delivered").first().waitFor();
});

test("deletes the account, and nothing of it works any more", async () => {
  await page.goto(`${service.base}/account`);
  await page.getByRole("button", { name: /Delete the account/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox").fill(person.email);
  await dialog.getByRole("button", { name: "Delete everything" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  expect((await with_key("/v1/jobs", key)).status).toBe(401);
  await sign_in(page, person);
  await page.getByRole("alert").first().waitFor();
});

test("all of it without an error of a script, or a refusal by the policy of content", () => {
  expect(complaints.all).toEqual([]);
});
