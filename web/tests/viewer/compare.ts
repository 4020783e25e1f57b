// SPDX-License-Identifier: Apache-2.0
// Is the viewer's picture the preview's? Each drawing's first sheets are drawn at their preview's size and compared:
//   node tests/viewer/compare.ts OUT DRAWING...
// Two pixels agree when no channel differs by more than kShade, or when the picture has such a pixel next to it (kReach pixels
// away): the two renderers antialias differently, and what they draw is at most a pixel apart. The metric is the share of ink
// (pixels that are not paper in either picture) that does not agree, both ways round; more than kMost of it fails.
// OUT gets both pictures of each sheet and one of the differences.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

import type { BrowserContext, Page } from "playwright-core";

import { browse, harness, parse, settled, sign_in, web } from "./browser.ts";

const kShade = 96;
const kReach = 1;
const kMost = 0.02;
const kMostSheets = 2;

interface Difference {
  ink: number;
  off: number;
  mean: number;
  picture: string;
}

// Runs in the page, which decodes PNGs.
async function differ(page: Page, a: Buffer, b: Buffer): Promise<Difference> {
  return page.evaluate(
    async ({ a, b, shade, reach }) => {
      const pixels = async (base64: string) => {
        const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
        const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
        const context = canvas.getContext("2d")!;
        context.drawImage(bitmap, 0, 0);
        return { width: bitmap.width, height: bitmap.height, data: context.getImageData(0, 0, bitmap.width, bitmap.height).data };
      };
      const one = await pixels(a);
      const two = await pixels(b);
      if (one.width !== two.width || one.height !== two.height) throw new Error(`${one.width}x${one.height} and ${two.width}x${two.height}`);
      const { width, height } = one;
      const near = (p: Uint8ClampedArray, i: number, q: Uint8ClampedArray, x: number, y: number) => {
        for (let v = Math.max(0, y - reach); v <= Math.min(height - 1, y + reach); ++v)
          for (let u = Math.max(0, x - reach); u <= Math.min(width - 1, x + reach); ++u) {
            const j = 4 * (v * width + u);
            if (Math.abs(p[i]! - q[j]!) <= shade && Math.abs(p[i + 1]! - q[j + 1]!) <= shade && Math.abs(p[i + 2]! - q[j + 2]!) <= shade) return true;
          }
        return false;
      };
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext("2d")!;
      const out = context.createImageData(width, height);
      let ink = 0;
      let off = 0;
      let sum = 0;
      for (let y = 0; y < height; ++y)
        for (let x = 0; x < width; ++x) {
          const i = 4 * (y * width + x);
          const paper = [0, 1, 2].every((k) => one.data[i + k] === 255 && two.data[i + k] === 255);
          sum += Math.abs(one.data[i]! - two.data[i]!) + Math.abs(one.data[i + 1]! - two.data[i + 1]!) + Math.abs(one.data[i + 2]! - two.data[i + 2]!);
          out.data.set([255, 255, 255, 255], i);
          if (paper) continue;
          ++ink;
          const agree = near(one.data, i, two.data, x, y) && near(two.data, i, one.data, x, y);
          out.data.set(agree ? [200, 200, 200, 255] : [220, 0, 0, 255], i);
          if (!agree) ++off;
        }
      context.putImageData(out, 0, 0);
      const png = new Uint8Array(await (await canvas.convertToBlob({ type: "image/png" })).arrayBuffer());
      let text = "";
      for (const byte of png) text += String.fromCharCode(byte);
      return { ink, off, mean: sum / (3 * width * height), picture: btoa(text) };
    },
    { a: a.toString("base64"), b: b.toString("base64"), shade: kShade, reach: kReach },
  );
}

// Width and height stand in the PNG's first chunk.
const size_of = (png: Buffer) => ({ width: png.readUInt32BE(16), height: png.readUInt32BE(20) });

async function compare(context: BrowserContext, out: string, name: string, job: string): Promise<boolean> {
  const { imageUrls } = (await (await context.request.get(`${web}/v1/jobs/${job}/image`)).json()) as { imageUrls: string[] };
  let good = true;
  for (const [sheet, url] of imageUrls.slice(0, kMostSheets).entries()) {
    const preview = await (await context.request.get(url)).body();
    const page = await context.newPage();
    await page.setViewportSize(size_of(preview));
    await page.goto(harness(job, sheet));
    await settled(page);
    // What has been presented is on the screen one frame later.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    const ours = await page.screenshot();
    const { ink, off, mean, picture } = await differ(page, preview, ours);
    await page.close();
    const share = ink > 0 ? off / ink : 0;
    good &&= share <= kMost;
    console.log(`${share <= kMost ? "same" : "DIFFERS"}  ${name} sheet ${sheet}: ${(100 * share).toFixed(2)} % of ${ink} pixels of ink; mean difference ${mean.toFixed(2)} of 255`);
    const stem = join(out, `${name}-${sheet}`);
    await Promise.all([writeFile(`${stem}-preview.png`, preview), writeFile(`${stem}-viewer.png`, ours), writeFile(`${stem}-difference.png`, Buffer.from(picture, "base64"))]);
  }
  return good;
}

const [out, ...drawings] = process.argv.slice(2);
if (!out || drawings.length === 0) throw new Error("usage: node tests/viewer/compare.ts OUT DRAWING...");
await mkdir(out, { recursive: true });
const browser = await browse();
let good = true;
try {
  const context = await browser.newContext();
  await sign_in(context);
  for (const drawing of drawings) {
    const job = drawing.startsWith("job_") ? drawing : await parse(context, basename(drawing), await readFile(drawing));
    good = (await compare(context, out, basename(drawing), job)) && good;
  }
} finally {
  await browser.close();
}
process.exitCode = good ? 0 : 1;
