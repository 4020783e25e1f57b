// SPDX-License-Identifier: Apache-2.0
// How fast the viewer opens a drawing, pans and zooms, in headless Chromium with software WebGL at 1440x900:
//   CADLENS_BENCH_DRAWINGS=one.dxf:two.dwg npm run bench
// Script is what the page's thread computed for a frame: processor time, as the software GPU, the viewer's worker and the page
// share the machine's processors, and beside it the time that passed.
import { basename } from "node:path";

import type { Page } from "playwright-core";
import { expect, test } from "vitest";

import { settled, Stage } from "../tests/e2e/stage";

interface Viewer {
  pan(dx: number, dy: number): void;
  zoom(factor: number): void;
  store: { get(): { scene?: { entities: number; primitives: number } } };
}

const kSeconds = 4;
const kSize = { width: 1440, height: 900 };

const quantile = (values: number[], part: number) => [...values].sort((a, b) => a - b)[Math.floor(part * (values.length - 1))] ?? 0;
const told = (values: number[]) => `median ${quantile(values, 0.5).toFixed(1)}, 99 % ${quantile(values, 0.99).toFixed(1)}, most ${Math.max(...values).toFixed(1)} ms`;

interface TraceEvent {
  name: string;
  dur: number; // us that passed
  tdur?: number; // of them on a processor
}

// What the browser did for its frames meanwhile.
async function frames_of<T>(stage: Stage, meanwhile: () => Promise<T>): Promise<{ result: T; script: string }> {
  const browser = stage.context.browser()!;
  await browser.startTracing(undefined, { categories: ["devtools.timeline"] });
  const result = await meanwhile();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  // One that was under way at the end has no duration.
  const frames = traceEvents.filter(({ name, tdur }) => name === "FireAnimationFrame" && tdur !== undefined);
  const [computed, passed] = [frames.map(({ tdur }) => tdur! / 1000), frames.map(({ dur }) => dur / 1000)];
  return { result, script: `script of ${frames.length} frames: ${told(computed)} (passed: ${told(passed)})` };
}

// Frames a second while the drawing is moved at every frame.
const move = (page: Page, kind: "pan" | "zoom") =>
  page.evaluate(
    async ({ kind, seconds }) => {
      const { viewer } = window as unknown as { viewer: Viewer };
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
      return { fps: frames / seconds, longest };
    },
    { kind, seconds: kSeconds },
  );

async function measure(stage: Stage, name: string, job: string) {
  const {
    result: { page, opened },
    script,
  } = await frames_of(stage, async () => {
    const page = await stage.open(job, 0, kSize);
    const since = Date.now();
    await settled(page);
    return { page, opened: Date.now() - since };
  });
  const { entities, primitives } = await page.evaluate(() => (window as unknown as { viewer: Viewer }).viewer.store.get().scene!);
  console.log(`${name}: ${entities} entities, ${primitives} primitives\n  open: ${opened} ms; ${script}`);
  for (const kind of ["pan", "zoom"] as const) {
    const { result, script } = await frames_of(stage, () => move(page, kind));
    console.log(`  ${kind}: ${result.fps.toFixed(1)} frames a second, longest ${result.longest.toFixed(0)} ms; ${script}`);
    const still = Date.now();
    await settled(page);
    console.log(`  ${kind}: complete ${Date.now() - still} ms after the last movement`);
  }
  await page.close();
}

test("the viewer's speed", { timeout: 1_800_000 }, async () => {
  const drawings = process.env.CADLENS_BENCH_DRAWINGS?.split(":") ?? [];
  expect(drawings, "CADLENS_BENCH_DRAWINGS names drawings").not.toEqual([]);
  const stage = await Stage.start();
  try {
    for (const drawing of drawings) {
      const job = await stage.parse(drawing);
      await (await stage.open(job, 0, kSize)).close(); // so that the development server has built everything
      await measure(stage, basename(drawing), job);
    }
  } finally {
    await stage.stop();
  }
});
