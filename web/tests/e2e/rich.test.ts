// SPDX-License-Identifier: Apache-2.0
// What pages look like when there is much to show, and each dialog, menu and panel of them.
import { Buffer } from "node:buffer";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, test } from "vitest";

import { drawn, kSoftwareGl, launch } from "./browser";
import { looks_right, set_screen, widths } from "./looks";
import { drop, kUnlimited, sign_in } from "./person";
import { dwg_head, rich_account, type RichAccount } from "./rich_account";
import { Receiver, Service } from "./service";

const kSeedingMs = 120_000;

let browser: Browser;
let service: Service;
let good: Receiver;
let failing: Receiver;
let account: RichAccount;
let context: BrowserContext;

beforeAll(async () => {
  [browser, good, failing] = await Promise.all([launch(kSoftwareGl), Receiver.start(), Receiver.start()]);
  failing.answer = 503;
  service = await Service.start([...kUnlimited, "--webhook-allow", "127.0.0.0/8", "--webhook-allow-http"]);
  account = await rich_account(service, good, failing);
  context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${service.base}/sign-in`);
  await sign_in(page, account.person);
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  await page.close();
}, kSeedingMs);
afterAll(async () => {
  await Promise.all([browser?.close(), service?.stop()]);
  await Promise.all([good?.stop(), failing?.stop()]);
});

interface Scene {
  name: string;
  // JOB:name stands for the job of that file.
  path: string;
  before?: (page: Page) => Promise<unknown>;
  open?: (page: Page) => Promise<unknown>;
  // What is opened is seen as it lies on the screen.
  inSight?: boolean;
}

const press = (name: string | RegExp, at = 0) => async (page: Page) => page.getByRole("button", { name }).nth(at).click();
const menu = (trigger: string | RegExp, item: string | RegExp) => async (page: Page) => {
  await press(trigger)(page);
  await page.getByRole("menuitem", { name: item }).click();
};
const and = (...steps: ((page: Page) => Promise<unknown>)[]) => async (page: Page) => {
  for (const step of steps) await step(page);
};
const dialog = (page: Page) => page.getByRole("dialog").waitFor();
const in_dialog = (name: string | RegExp) => (page: Page) => page.getByRole("dialog").getByRole("button", { name }).click();
const type = (label: string, text: string) => (page: Page) => page.getByLabel(label, { exact: true }).fill(text);
const seen = (text: string | RegExp) => (page: Page) => page.getByText(text).first().waitFor();
const quiet = (page: Page) => page.waitForLoadState("networkidle");
const narrow = (page: Page) => page.viewportSize()!.width < 820;
const navigation = async (page: Page) => {
  if (narrow(page)) await press("Open navigation")(page);
};
const search = and(type("Text in this sheet", "Room 10"), async (page) => page.keyboard.press("Enter"), press(/^Room 103/));
const drag = async (page: Page) => {
  const transfer = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["0"], "plan.dxf"));
    return transfer;
  });
  await page.dispatchEvent("body", "dragenter", { dataTransfer: transfer });
};
// Nothing here takes long enough to be looked at while it is read: the answers say so.
const running = async (page: Page) => {
  const under_way = { status: "PROCESSING", progress: { percent: 62, phase: "drawing" }, completedAt: null };
  await page.route(/\/v1\/jobs(\?|\/job_\w+\?)/, async (route) => {
    const answer = await route.fetch();
    const body = (await answer.json()) as { jobs?: object[] };
    const json = body.jobs ? { ...body, jobs: body.jobs.map((job, at) => (at === 1 ? { ...job, ...under_way } : job)) } : { ...body, ...under_way };
    await route.fulfill({ response: answer, json });
  });
  await page.route("**/events", (route) => route.abort());
};
const all_keys = and(async (page) => page.getByText(/^Show \d+ expired or revoked/).click());

const scenes: Scene[] = [
  { name: "overview", path: "/", open: async (page) => page.locator("canvas").first().waitFor() },
  { name: "overview-90-days-as-tables", path: "/", open: and(press(/Last 30 days|Days|Range/), async (page) => page.getByRole("option", { name: "Last 90 days" }).click(), press("Show as a table"), press("Show as a table")) },
  { name: "overview-export", path: "/", open: press("Export"), inSight: true },
  { name: "overview-leaked", path: "/", open: and(press("Rotate the key"), dialog), inSight: true },
  { name: "navigation", path: "/keys", open: navigation, inSight: true },
  { name: "account-menu", path: "/keys", open: and(navigation, press("Account menu")), inSight: true },

  { name: "drawings", path: "/drawings", open: seen("Show older drawings") },
  { name: "drawings-running", path: "/drawings", before: running, open: seen("Drawing the previews") },
  { name: "drawing-running", path: "/drawings/JOB:house.dxf", before: running, open: seen("Drawing the previews") },
  { name: "drawings-older", path: "/drawings", open: and(press("Show older drawings"), seen("damaged.dwg")) },
  { name: "drawings-failed", path: "/drawings?status=FAILED", open: seen("damaged.dwg") },
  { name: "drawings-none", path: "/drawings?q=nothing-is-called-so", open: seen("No matching drawings") },
  { name: "drawings-status", path: "/drawings", open: press(/Status$/), inSight: true },
  { name: "drawings-menu", path: "/drawings", open: press(/^Actions for/), inSight: true },
  { name: "drawings-delete", path: "/drawings?q=2024-11-07", open: and(menu(/^Actions for/, "Delete"), dialog), inSight: true },

  { name: "drawings-refused", path: "/drawings", open: and(seen("Show older"), (page) => drop(page, "with-a-password.dwg", dwg_head(1)), (page) => drop(page, "letter.dwg", Buffer.from("Dear all")), seen("protected by a password"), async (page) => page.getByRole("alert").nth(1).waitFor()), inSight: true },
  { name: "drawings-drag", path: "/drawings", open: and(seen("Show older"), drag), inSight: true },

  { name: "drawing", path: "/drawings/JOB:tower.dxf", open: async (page) => page.getByRole("grid", { name: "Entities" }).getByText("LWPOLYLINE").first().waitFor() },
  { name: "drawing-house", path: "/drawings/JOB:house.dxf" },
  { name: "drawing-entity", path: "/drawings/JOB:tower.dxf", open: and(async (page) => page.getByRole("grid", { name: "Entities" }).getByRole("row").nth(1).click(), dialog), inSight: true },
  { name: "drawing-layer-choice", path: "/drawings/JOB:tower.dxf", open: async (page) => page.getByRole("button", { name: /Layer$/ }).click(), inSight: true },
  { name: "drawing-damaged", path: "/drawings/JOB:damaged.dwg" },
  { name: "drawing-encrypted", path: "/drawings/JOB:encrypted.dwg" },
  { name: "drawing-gone", path: "/drawings/job_00000000000000000000000000000000" },

  { name: "view", path: "/drawings/JOB:tower.dxf/view", open: drawn, inSight: true },
  { name: "view-layers", path: "/drawings/JOB:tower.dxf/view", open: and(drawn, press("Layers")), inSight: true },
  { name: "view-search", path: "/drawings/JOB:tower.dxf/view", open: and(drawn, press("Search text"), search), inSight: true },
  { name: "view-properties", path: "/drawings/JOB:tower.dxf/view", open: and(drawn, press("Search text"), search, press("Properties"), seen("Position")), inSight: true },
  { name: "view-measure", path: "/drawings/JOB:tower.dxf/view", open: and(drawn, press("Measure an area"), press("Add a point"), press("Add a point"), press("Add a point")), inSight: true },
  { name: "view-help", path: "/drawings/JOB:tower.dxf/view", open: and(drawn, async (page) => page.getByRole("application").press("?"), dialog), inSight: true },

  { name: "keys", path: "/keys", open: all_keys },
  { name: "keys-create", path: "/keys", open: and(press("Create a key"), dialog, press("Expires"), async (page) => page.getByRole("option", { name: "On a date …" }).click()), inSight: true },
  { name: "keys-once", path: "/keys", open: and(press("Create a key"), type("Name", "Shown once"), in_dialog("Create the key"), seen("I have saved it")), inSight: true },
  { name: "keys-menu", path: "/keys", open: press(/^Actions of/), inSight: true },
  { name: "keys-rotate", path: "/keys", open: and(menu(/^Actions of Connector/, "Rotate"), dialog), inSight: true },
  { name: "keys-revoke", path: "/keys", open: and(menu(/^Actions of Connector/, "Revoke"), dialog), inSight: true },

  { name: "webhooks", path: "/webhooks", open: seen("Details") },
  { name: "webhooks-menu", path: "/webhooks", open: press(/^Actions of/), inSight: true },
  { name: "webhooks-add", path: "/webhooks", open: and(press("Add an endpoint"), type("URL", "https://10.0.0.1/hook"), in_dialog("Add the endpoint"), seen("Must be a public address")), inSight: true },
  { name: "webhooks-rotate", path: "/webhooks", open: and(menu(/tenants/, "Rotate the secret"), dialog), inSight: true },
  { name: "webhooks-once", path: "/webhooks", open: and(menu(/retired/, "Rotate the secret"), in_dialog("Make the new secret"), seen("I have saved it")), inSight: true },
  { name: "webhooks-delete", path: "/webhooks", open: and(menu(/tenants/, "Delete"), dialog), inSight: true },
  { name: "webhooks-delivery", path: "/webhooks", open: and(press("Details", 3), async (page) => page.getByRole("region", { name: "Payload" }).waitFor()), inSight: true },
  { name: "webhooks-given-up", path: "/webhooks", open: and(press(/State$/), async (page) => page.getByRole("option", { name: "Given up" }).click(), seen(/503/), press("Details"), async (page) => page.getByRole("region", { name: "Payload" }).waitFor()), inSight: true },
  { name: "webhooks-filter", path: "/webhooks", open: press(/Endpoint$/), inSight: true },

  { name: "activity", path: "/activity", open: seen("Show older") },
  { name: "activity-warnings", path: "/activity", open: and(press(/Level$/), async (page) => page.getByRole("option", { name: "Warnings" }).click(), seen("Somebody failed")) },
  { name: "account", path: "/account", open: seen("python-requests") },
  { name: "account-wrong", path: "/account", open: and(type("Current password", "wrong"), type("New password", "short"), press("Change the password"), async (page) => page.getByRole("alert").waitFor()) },
  { name: "account-new-address", path: "/account", open: and(type("New address", "no address"), type("Your password", "wrong"), press("Change the address"), async (page) => page.locator("[aria-invalid=true]").or(page.getByRole("alert")).first().waitFor()) },
  { name: "account-delete", path: "/account", open: and(press(/Delete the account/), dialog), inSight: true },

  { name: "docs-search", path: "/docs", open: and(async (page) => page.getByRole("combobox").fill("webhook"), async (page) => page.getByRole("option").first().waitFor()), inSight: true },
];

const path_of = (path: string) => path.replace(/JOB:([\w.-]+)/, (_, name: string) => account.jobs.get(name)!);

describe.each(widths)("$width px", (screen) => {
  test.each(scenes)("$name", async ({ name, path, before, open, inSight }) => {
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await set_screen(page, screen);
    await before?.(page);
    await page.goto(service.base + path_of(path));
    await page.locator("h1").first().waitFor();
    await (open ?? quiet)(page);
    await looks_right(page, `rich-${name}`, { whole: !inSight });
    await page.close();
  });
});
