// SPDX-License-Identifier: Apache-2.0
// What a first visit loads: at most 250 KB of compressed scripts outside the viewer.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { launch } from "./browser";
import { sign_up } from "./person";
import { Service } from "./service";

const kMostBytes = 250_000;

let browser: Browser;
let service: Service;

beforeAll(async () => {
  [browser, service] = await Promise.all([launch(), Service.start()]);
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

test("a first load brings at most 250 KB of scripts, compressed", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const measured = async (path: string) => {
    let bytes = 0;
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Network.setCacheDisabled", { cacheDisabled: true });
    const scripts = new Set<string>();
    session.on("Network.responseReceived", ({ requestId, type }) => void (type === "Script" && scripts.add(requestId)));
    session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => void (scripts.has(requestId) && (bytes += encodedDataLength)));
    await page.goto(service.base + path);
    for (let before = -1; before !== bytes; await page.waitForTimeout(1000)) before = bytes;
    await session.detach();
    return bytes;
  };
  const before = await measured("/sign-in");
  await sign_up(page, service);
  const sizes = { "/sign-in": before, "/": await measured("/"), "/drawings": await measured("/drawings"), "/docs": await measured("/docs") };
  console.log("bytes of scripts:", JSON.stringify(sizes));
  for (const [path, bytes] of Object.entries(sizes)) {
    expect(bytes, `${path} loads scripts at all`).toBeGreaterThan(10_000);
    expect(bytes, path).toBeLessThanOrEqual(kMostBytes);
  }
});
