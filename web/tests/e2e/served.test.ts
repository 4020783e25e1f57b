// SPDX-License-Identifier: Apache-2.0
// The app as the executable serves it: under its policy of content, at every path.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { paths } from "../../src/paths";
import { launch, new_page } from "./browser";
import { Service } from "./service";

let browser: Browser;
let service: Service;

beforeAll(async () => {
  [browser, service] = await Promise.all([launch(), Service.start()]);
});
afterAll(async () => {
  await Promise.all([browser?.close(), service?.stop()]);
});

test("the service tells the browser of 404 for the paths alone that have no page", async () => {
  const context = await browser.newContext();
  const { page } = await new_page(context);
  for (const path of paths) expect((await page.goto(service.base + path.replace(/:\w+/, "x")))?.status(), path).toBe(200);
  expect((await page.goto(`${service.base}/nothing`))?.status()).toBe(404);
  await context.close();
});

test("no page does what the policy refuses", async () => {
  const context = await browser.newContext({ hasTouch: true });
  const { page, complaints } = await new_page(context);
  for (const path of [...paths, "/nothing"]) {
    await page.goto(service.base + path.replace(/:\w+/, "x"), { waitUntil: "networkidle" });
    expect(await page.locator("#root").innerText(), path).not.toBe("");
  }
  expect(complaints.all).toEqual([]);
  await context.close();
});

test("the policy refuses code from strings, styles of others, and connections elsewhere", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${service.base}/sign-in`);
  const refused = await page.evaluate(async () => {
    const found = new Set<string>();
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => found.add(effectiveDirective));
    const attempts = [
      () => new Function("return 1"),
      () => (document.createElement("div").innerHTML = "<b>x</b>"),
      () => document.head.append(Object.assign(document.createElement("style"), { textContent: "p { color: red }" })),
      () => document.head.append(Object.assign(document.createElement("base"), { href: "/x/" })),
      () => fetch("http://127.0.0.1:9/").catch(() => {}),
    ];
    for (const attempt of attempts) {
      try {
        await attempt();
      } catch {
        // What is refused by an exception is told by an event as well.
      }
    }
    await new Promise((done) => setTimeout(done, 100));
    return [...found].sort();
  });
  expect(refused).toEqual(["base-uri", "connect-src", "require-trusted-types-for", "script-src", "style-src-elem"]);
  await context.close();
});

test("a page that was opened once comes back without its files", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const sizes = async () => {
    await page.goto(`${service.base}/sign-in`, { waitUntil: "networkidle" });
    return page.evaluate(() =>
      performance
        .getEntriesByType("resource")
        .filter(({ name }) => name.includes("/assets/"))
        .map((entry) => (entry as PerformanceResourceTiming).transferSize),
    );
  };
  expect(Math.max(...(await sizes()))).toBeGreaterThan(10_000);
  const again = await sizes();
  expect(again.length).toBeGreaterThan(1);
  expect(Math.max(...again)).toBe(0);
  await context.close();
});
