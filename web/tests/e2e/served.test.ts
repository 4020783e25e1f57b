// SPDX-License-Identifier: Apache-2.0
// The app as the executable serves it: under its policy of content, at every path.
import type { Browser, Page } from "playwright-core";
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

// Until there is something to read.
async function open(page: Page, path: string) {
  const answer = await page.goto(service.base + path.replace(/:\w+/, "x"));
  await page.waitForFunction(() => document.getElementById("root")?.innerText);
  return answer;
}

test("the service tells the browser of 404 for the paths alone that have no page", async () => {
  const context = await browser.newContext({ hasTouch: true });
  const { page, complaints } = await new_page(context);
  for (const path of paths) expect((await open(page, path))?.status(), path).toBe(200);
  expect((await open(page, "/nothing"))?.status()).toBe(404);
  // On the way no page did what the policy of content refuses.
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
    let thrown = 0;
    // What the browser is told from outside may make code from strings, until it lets go.
    await new Promise((done) => setTimeout(done));
    for (const attempt of attempts) {
      try {
        await attempt();
      } catch {
        thrown += 1;
      }
    }
    await new Promise((done) => setTimeout(done, 100));
    return { directives: [...found].sort(), thrown };
  });
  expect(refused).toEqual({ directives: ["base-uri", "connect-src", "require-trusted-types-for", "style-src-elem"], thrown: 2 });
  await context.close();
});

test("a page that was opened once comes back without its files", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const sizes = async () => {
    await open(page, "/sign-in");
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
