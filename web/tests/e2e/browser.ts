// SPDX-License-Identifier: Apache-2.0
import { AxeBuilder } from "@axe-core/playwright";
import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

const found = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"].find((path) => path && existsSync(path));

// Software WebGL has to be asked for.
export const kSoftwareGl = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"];

export function launch(more: string[] = []): Promise<Browser> {
  if (!found) throw new Error("No Chromium: install Debian's package chromium, or name one in CHROMIUM.");
  return chromium.launch({
    executablePath: found,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-dev-shm-usage",
      ...more,
    ],
  });
}

// What a page must never do, gathered while it is used: errors of scripts, refusals by the policy of content.
export class Complaints {
  readonly all: string[] = [];
  constructor(page: Page) {
    page.on("pageerror", (error) => this.all.push(`error: ${error.message}`));
    page.on("console", (message) => {
      const text = message.text();
      if (/Content Security Policy|TrustedHTML|TrustedScript|Refused to/.test(text)) this.all.push(`policy: ${text}`);
    });
  }
}

export async function new_page(context: BrowserContext): Promise<{ page: Page; complaints: Complaints }> {
  const page = await context.newPage();
  return { page, complaints: new Complaints(page) };
}

// Until the viewer's picture is complete.
export async function drawn(page: Page) {
  // Whether there is something to draw shows in the next frame.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.locator("[role=application][aria-busy=false]").waitFor();
}

// How many pixels of a picture are not of its first one's color.
export function inked(page: Page, png: Buffer): Promise<number> {
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d")!;
    context.drawImage(bitmap, 0, 0);
    const pixels = new Uint32Array(context.getImageData(0, 0, bitmap.width, bitmap.height).data.buffer);
    return pixels.reduce((count, pixel) => count + (pixel === pixels[0] ? 0 : 1), 0);
  }, png.toString("base64"));
}

// How many pixels of a picture are about of that color.
export function colored(page: Page, png: Buffer, color: readonly [number, number, number]): Promise<number> {
  return page.evaluate(
    async ({ base64, color }) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d")!;
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
      let count = 0;
      for (let at = 0; at < data.length; at += 4) if (color.every((value, channel) => Math.abs(data[at + channel]! - value) < 40)) ++count;
      return count;
    },
    { base64: png.toString("base64"), color },
  );
}

// The serious and critical findings of axe-core, a line each.
export async function barriers(page: Page): Promise<string[]> {
  // Without legacy mode each look opens a page of its own, to gather what frames of other origins say; there are none.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] }).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary ?? ""}`));
}
