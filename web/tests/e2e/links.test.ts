// SPDX-License-Identifier: Apache-2.0
// Every link of the app leads somewhere: each is followed from the overview on, as far as there are new ones.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { kSoftwareGl, launch } from "./browser";
import { made_drawing } from "./drawing";
import { drop, heading, kUnlimited, visit } from "./person";
import { Service } from "./service";

let browser: Browser;
let service: Service;

beforeAll(async () => {
  [browser, service] = await Promise.all([launch(kSoftwareGl), Service.start([...kUnlimited, "--security-contact", "mailto:security@example.com"])]);
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

// What a browser does not open as a page: what is downloaded, and what the server makes for programs.
const is_page = ({ pathname }: URL) => !/^\/(v1\/|openapi\.json|licenses\.txt|\.well-known\/|security\.txt)/.test(pathname);

test("links lead to pages, and to places on them", { timeout: 300_000 }, async () => {
  const { page, complaints, context } = await visit(browser, service, "/drawings");
  await heading(page, "Drawings").waitFor();
  await drop(page, "plan.dxf", made_drawing());
  await page.getByRole("table", { name: "Drawings" }).getByText("Ready").waitFor();
  // Each page is opened once, however many of its places are linked to: what it has, and who links to it.
  const pages = new Map<string, Set<string>>();
  const links = new Map([[`${service.base}/`, "the start"]]);
  const wrong: string[] = [];
  for (const [address, from] of links) {
    const url = new URL(address);
    const place = decodeURIComponent(url.hash.slice(1));
    const path = url.pathname + url.search;
    if (!is_page(url)) {
      const status = (await context.request.get(address)).status();
      if (status !== 200) wrong.push(`${address} (${from}): ${status}`);
      continue;
    }
    if (!pages.has(path)) {
      const answer = await page.goto(service.base + path, { waitUntil: "networkidle" });
      const heading = (await page.locator("h1").first().textContent()) ?? "";
      if (answer!.status() !== 200 || /not found/i.test(heading)) wrong.push(`${address} (${from}): ${answer!.status()} ${heading}`);
      pages.set(path, new Set(await page.locator("[id]").evaluateAll((all) => all.map(({ id }) => id))));
      for (const href of await page.locator("a[href]").evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href)))
        if (href.startsWith(`${service.base}/`) && !links.has(href)) links.set(href, path);
    }
    // The viewer's name a view.
    if (place && !place.includes("=") && !pages.get(path)!.has(place)) wrong.push(`${address} (${from}): no such place`);
  }
  expect(wrong).toEqual([]);
  expect(links.size).toBeGreaterThan(60);
  console.log(`${links.size} links to ${pages.size} pages`);
  expect(complaints.all).toEqual([]);
});
