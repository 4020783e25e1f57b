// SPDX-License-Identifier: Apache-2.0
// How fast the viewer opens a drawing, pans and zooms, in headless Chromium with software WebGL at 1440x900:
//   CADLENS_BENCH_DRAWINGS=one.dxf:two.dwg npm run bench
// Frames are those that the viewer presented with something new in them; script is what the page's thread computed for one.
import { basename } from "node:path";

import type { Page } from "playwright-core";
import { expect, test } from "vitest";

import { settled, Stage } from "../tests/e2e/stage";

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

async function measure(page: Page, name: string, since: number) {
  await settled(page);
  const opened = Date.now() - since;
  const { entities, primitives } = await page.evaluate(() => (window as unknown as { viewer: Viewer }).viewer.store.get().scene!);
  const opening = await page.evaluate(() => [...(window as unknown as { viewer: Viewer }).viewer.frames.script_ms]);
  console.log(`${name}: ${entities} entities, ${primitives} primitives`);
  console.log(`  open: ${opened} ms; script of ${opening.length} frames: median ${quantile(opening, 0.5).toFixed(1)}, 99 % ${quantile(opening, 0.99).toFixed(1)}, most ${Math.max(...opening).toFixed(1)} ms`);
  for (const kind of ["pan", "zoom"] as const) {
    const { fps, longest, script } = await move(page, kind);
    console.log(`  ${kind}: ${fps.toFixed(1)} frames a second, longest ${longest.toFixed(0)} ms; script: median ${quantile(script, 0.5).toFixed(1)}, 99 % ${quantile(script, 0.99).toFixed(1)} ms`);
    const still = Date.now();
    await settled(page);
    console.log(`  ${kind}: complete ${Date.now() - still} ms after the last movement`);
  }
}

test("the viewer's speed", { timeout: 1_800_000 }, async () => {
  const drawings = process.env.CADLENS_BENCH_DRAWINGS?.split(":") ?? [];
  expect(drawings, "CADLENS_BENCH_DRAWINGS names drawings").not.toEqual([]);
  const stage = await Stage.start();
  try {
    for (const drawing of drawings) {
      const job = await stage.parse(drawing);
      const size = { width: 1440, height: 900 };
      await (await stage.open(job, 0, size)).close(); // so that the development server has built everything
      const page = await stage.open(job, 0, size);
      await measure(page, basename(drawing), Date.now());
      await page.close();
    }
  } finally {
    await stage.stop();
  }
});
