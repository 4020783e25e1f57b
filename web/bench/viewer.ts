// SPDX-License-Identifier: Apache-2.0
// How fast the viewer opens a drawing, pans and zooms, in headless Chromium with software WebGL at 1440x900:
//   node bench/viewer.ts DRAWING...     (or job ids of drawings that are there already)
// Frames are those that the viewer presented with something new in them; script is what the page's thread computed for one.
import { readFile } from "node:fs/promises";
import { basename } from "node:path";

import type { Page } from "playwright-core";

import { browse, harness, parse, settled, sign_in } from "../tests/viewer/browser.ts";

interface Viewer {
  frames: { script_ms: number[] };
  pan(dx: number, dy: number): void;
  zoom(factor: number): void;
  store: { get(): { busy: boolean; scene?: { entities: number; primitives: number } } };
}

const kSeconds = 4;

const quantile = (values: number[], part: number) => [...values].sort((a, b) => a - b)[Math.floor(part * (values.length - 1))] ?? 0;

// Frames a second while the drawing is moved at every frame, and the script of each.
async function move(page: Page, kind: "pan" | "zoom") {
  return page.evaluate(
    async ({ kind, seconds }) => {
      const { viewer } = window as unknown as { viewer: Viewer };
      viewer.frames.script_ms.length = 0;
      const start = performance.now();
      let frames = 0;
      let longest = 0;
      let last = start;
      while (performance.now() - start < 1000 * seconds) {
        const there = Math.floor((performance.now() - start) / 1000) % 2 === 0;
        if (kind === "pan") viewer.pan(there ? 12 : -12, there ? 7 : -7);
        else viewer.zoom(there ? 1.03 : 1 / 1.03);
        await new Promise(requestAnimationFrame);
        ++frames;
        const now = performance.now();
        longest = Math.max(longest, now - last);
        last = now;
      }
      return { fps: frames / seconds, longest, script: [...viewer.frames.script_ms] };
    },
    { kind, seconds: kSeconds },
  );
}

async function measure(page: Page, name: string, job: string) {
  const since = Date.now();
  await page.goto(harness(job, 0));
  await page.waitForFunction(() => (window as unknown as { viewer?: Viewer }).viewer !== undefined);
  const loaded = Date.now();
  await settled(page);
  const opened = Date.now() - loaded;
  const { entities, primitives } = await page.evaluate(() => (window as unknown as { viewer: Viewer }).viewer.store.get().scene!);
  const opening = await page.evaluate(() => [...(window as unknown as { viewer: Viewer }).viewer.frames.script_ms]);
  console.log(`${name}: ${entities} entities, ${primitives} primitives`);
  console.log(`  open: ${opened} ms (page ${loaded - since} ms before); script a frame: median ${quantile(opening, 0.5).toFixed(1)}, 99 % ${quantile(opening, 0.99).toFixed(1)}, most ${Math.max(...opening).toFixed(1)} ms`);
  for (const kind of ["pan", "zoom"] as const) {
    const { fps, longest, script } = await move(page, kind);
    console.log(`  ${kind}: ${fps.toFixed(1)} frames a second, longest ${longest.toFixed(0)} ms; script: median ${quantile(script, 0.5).toFixed(1)}, 99 % ${quantile(script, 0.99).toFixed(1)} ms`);
    const still = Date.now();
    await settled(page);
    console.log(`  ${kind}: complete ${Date.now() - still} ms after the last movement`);
  }
}

const browser = await browse();
try {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await sign_in(context);
  for (const drawing of process.argv.slice(2)) {
    const job = drawing.startsWith("job_") ? drawing : await parse(context, basename(drawing), await readFile(drawing));
    const page = await context.newPage();
    await page.goto(harness(job, 0)); // so that the development server has built everything
    await page.waitForFunction(() => (window as unknown as { viewer?: Viewer }).viewer !== undefined);
    await page.close();
    const fresh = await context.newPage();
    await measure(fresh, basename(drawing), job);
    await fresh.close();
  }
} finally {
  await browser.close();
}
