// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { barriers, launch, new_page } from "./browser";
import { heading, kUnlimited, visit } from "./person";
import { root, Service, until } from "./service";

let browser: Browser;
let service: Service;

beforeAll(async () => {
  [browser, service] = await Promise.all([launch(), Service.start(kUnlimited)]);
});
afterAll(async () => {
  await Promise.all([browser?.close(), service?.stop()]);
});

// Sends drawings as a program does, and waits for their end.
async function send(key: string, files: [string, Uint8Array][]) {
  const headers = { Authorization: `Bearer ${key}` };
  for (const [name, bytes] of files) {
    const form = new FormData();
    form.append("file", new Blob([new Uint8Array(bytes)]), name);
    form.append("mode", "async");
    const answer = await fetch(`${service.base}/v1/parse`, { method: "POST", headers, body: form });
    const { job_id } = (await answer.json()) as { job_id: string };
    await until(`the end of ${name}`, async () => {
      const job = (await (await fetch(`${service.base}/v1/jobs/${job_id}`, { headers })).json()) as { status: string };
      return ["COMPLETED", "FAILED"].includes(job.status) || undefined;
    });
  }
}

const house = () => readFileSync(join(root, "examples/house.dxf"));

async function owner(path: string): Promise<Page> {
  const context = await browser.newContext();
  const { page } = await new_page(context);
  const link = new URL(service.admin("owner-link", "--public-url", service.base).trim());
  await page.goto(service.base + link.pathname + link.hash);
  await heading(page, "Overview").waitFor();
  await page.goto(service.base + path);
  return page;
}

test("S23 usage is told by day, key and format, as a chart, a table and CSV", async () => {
  await send(service.owner_key(), [
    ["house.dxf", house()],
    ["again.dxf", house()],
    ["broken.dxf", house().subarray(0, 300)],
  ]);
  const page = await owner("/");
  const tile = (name: string) => page.getByRole("term").filter({ hasText: name }).locator("xpath=following-sibling::dd");
  await page.getByRole("heading", { name: "Requests by day" }).waitFor();
  expect(await tile("Used this month").innerText()).toMatch(/^3\b/);
  const chart = page.getByRole("figure", { name: "Requests by day and format" });
  await chart.locator("canvas").waitFor();
  await chart.getByRole("button", { name: "Show as a table" }).click();
  expect(await chart.getByRole("row").last().innerText()).toMatch(/3$/);
  expect(await page.getByRole("table", { name: "Requests by key" }).innerText()).toContain("owner");
  expect(await page.getByRole("table", { name: "Requests by format" }).innerText()).toContain("DXF");
  expect(await barriers(page)).toEqual([]);

  await page.getByRole("button", { name: "Export" }).click();
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: "Days as CSV" }).click()]);
  const rows = readFileSync((await file.path())!, "utf8").trimEnd().split("\r\n");
  expect(rows[0]).toMatch(/^day,requests,completed,failed,/);
  expect(rows).toHaveLength(31);
  expect(rows.at(-1)).toMatch(/^\d{4}-\d\d-\d\d,3,/);
  await page.context().close();
});

test("an account without requests is led to its first", async () => {
  const { context, page, complaints } = await visit(browser, service, "/");
  await page.getByRole("link", { name: "Upload a drawing" }).waitFor();
  expect(await page.getByRole("link", { name: "Start from a program" }).getAttribute("href")).toBe("/docs");
  expect(await barriers(page)).toEqual([]);
  expect(complaints.all).toEqual([]);
  await context.close();
});

test("the feed tells what happened, and is searched", async () => {
  const { context, page } = await visit(browser, service, "/activity");
  const feed = page.getByRole("table", { name: "Activity" });
  await page.getByRole("button", { name: /^About/ }).or(page.getByRole("button", { name: /About$/ })).click();
  await page.getByRole("option", { name: "Account" }).click();
  // The feed is written in batches.
  await until("the feed to tell of the sign-in", async () => {
    await page.getByRole("button", { name: "Refresh" }).click();
    return (await feed.getByText("Somebody signed in").count()) > 0 || undefined;
  });
  expect(await barriers(page)).toEqual([]);
  await page.getByLabel("Message or job").fill("password.changed");
  await page.getByRole("button", { name: "Search" }).click();
  await feed.getByText("The password was changed").waitFor();
  expect(await feed.getByRole("row").count()).toBe(2);
  await page.getByLabel("Until (UTC)").fill("2020-01-01");
  await page.getByText("No matching entries").waitFor();
  await context.close();
});
