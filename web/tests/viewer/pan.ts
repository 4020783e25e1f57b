// SPDX-License-Identifier: Apache-2.0
// What was panned and zoomed together piece by piece is what is drawn at once:
//   node tests/viewer/pan.ts DRAWING...
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";

import type { Page } from "playwright-core";

import { browse, harness, parse, settled, sign_in } from "./browser.ts";

interface Viewer {
  pan(dx: number, dy: number): void;
  zoom(factor: number): void;
  hide(layers: Set<number>): void;
}

// Pixels may differ where a float falls on the other side of a pixel's edge.
const kMost = 0.001;
const kRounds = 12;

async function differing(page: Page, a: Buffer, b: Buffer): Promise<number> {
  return page.evaluate(
    async (shots) => {
      const [one, two] = await Promise.all(
        shots.map(async (shot) => {
          const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(shot), (c) => c.charCodeAt(0))], { type: "image/png" }));
          const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d")!;
          context.drawImage(bitmap, 0, 0);
          return context.getImageData(0, 0, bitmap.width, bitmap.height).data;
        }),
      );
      let count = 0;
      for (let i = 0; i < one!.length; i += 4) if ([0, 1, 2].some((k) => one![i + k] !== two![i + k])) ++count;
      return (4 * count) / one!.length;
    },
    [a.toString("base64"), b.toString("base64")],
  );
}

const browser = await browse();
try {
  const context = await browser.newContext({ viewport: { width: 1000, height: 700 } });
  await sign_in(context);
  for (const drawing of process.argv.slice(2)) {
    const job = drawing.startsWith("job_") ? drawing : await parse(context, basename(drawing), await readFile(drawing));
    const page = await context.newPage();
    await page.goto(harness(job, 0));
    await settled(page);
    let worst = 0;
    for (let round = 0; round < kRounds; ++round) {
      await page.evaluate(async (round) => {
        const { viewer } = window as unknown as { viewer: Viewer };
        const pause = () => new Promise((done) => setTimeout(done, 15 * ((7 * round) % 5)));
        viewer.pan(-83 + 31 * (round % 4), 17);
        await pause();
        viewer.zoom(round % 3 === 0 ? 1 / 1.5 : 1.5);
        await pause();
        viewer.pan(13, 80);
        await pause();
        viewer.zoom(round % 3 === 0 ? 1.5 : 1 / 1.5);
        await pause();
        viewer.pan(5, -60);
      }, round);
      await settled(page);
      const together = await page.screenshot();
      await page.evaluate(() => (window as unknown as { viewer: Viewer }).viewer.hide(new Set()));
      await settled(page);
      worst = Math.max(worst, await differing(page, together, await page.screenshot()));
    }
    await page.close();
    console.log(`${basename(drawing)}: at most ${(100 * worst).toFixed(4)} % of the pixels differ`);
    assert.ok(worst <= kMost);
  }
} finally {
  await browser.close();
}
