// SPDX-License-Identifier: Apache-2.0
// The viewer's picture of real drawings is the preview's, and stays the same however one comes to it.
// CADLENS_SCREENSHOTS names a folder for the pictures and their differences.
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { inked } from "./browser";
import { made_drawing } from "./drawing";
import { differ, differing, size_of } from "./pictures";
import { root } from "./service";
import { corpus, settled, Stage, without_corpus } from "./stage";

const drawings = [
  "dxf/acadsharp/dynamic-blocks__BLOCKXYPARAMETER.dxf",
  "dxf/acadsharp/samples__sample_AC1027_binary.dxf",
  "dxf/dxf/issue27c.dxf",
  "dxf/dxf/testHatch.dxf",
  "dxf/ezdxf/data__groups.dxf",
  "dxf/ezdxf/edgeminer__2_polylines.dxf",
  "dwg/acadsharp/aec_objects__AecObjects.dwg",
  "dwg/acadsharp/samples__sample_AC1021.dwg",
  "dwg/aspose-net/ZD_-_Senior_D6m_H2m45.dwg",
  "dwg/tika/architectural_-_annotation_scaling_and_multileaders.dwg",
];
const kMostOff = 0.02; // of the ink
const kMostSheets = 3;
// Pixels may differ where a float falls on the other side of a pixel's edge.
const kMostDiffering = 0.001;
const kRounds = 12;

const folder = process.env.CADLENS_SCREENSHOTS;
let stage: Stage;

beforeAll(async () => {
  if (folder) mkdirSync(folder, { recursive: true });
  stage = await Stage.start();
});
afterAll(() => stage?.stop());

async function compare(path: string) {
  const job = await stage.parse(join(corpus, path));
  const { request } = stage.context;
  const { imageUrls } = (await (await request.get(`${stage.service.base}/v1/jobs/${job}/image`)).json()) as { imageUrls: string[] };
  expect(imageUrls.length).toBeGreaterThan(0);
  for (const [sheet, url] of imageUrls.slice(0, kMostSheets).entries()) {
    const preview = await (await request.get(url)).body();
    const page = await stage.open(job, sheet, size_of(preview));
    await settled(page);
    const ours = await page.screenshot();
    const { ink, off, picture } = await differ(page, preview, ours);
    await page.close();
    const share = ink > 0 ? off / ink : 0;
    console.log(`${basename(path)} sheet ${sheet}: ${(100 * share).toFixed(2)} % of ${ink} pixels of ink differ`);
    if (folder) {
      const stem = join(folder, `${basename(path)}-${sheet}`);
      for (const [kind, png] of Object.entries({ preview, viewer: ours, difference: Buffer.from(picture, "base64") })) writeFileSync(`${stem}-${kind}.png`, png);
    }
    expect(share, `${path} sheet ${sheet}`).toBeLessThanOrEqual(kMostOff);
  }
}

for (const path of drawings) test.skipIf(without_corpus)(`${path} looks as its preview does`, () => compare(path));

interface Viewer {
  go(place: { x: number; y: number; scale: number }): void;
  pan(dx: number, dy: number): void;
  zoom(factor: number): void;
  hide(layers: Set<number>): void;
}

// Out and back again, some of it before the picture is complete.
const wander = (page: Page, round: number) =>
  page.evaluate(async (round) => {
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

test("what was panned and zoomed together piece by piece is what is drawn at once", async () => {
  const page = await stage.open(await stage.parse(join(root, "examples/house.dxf")), 0, { width: 1000, height: 700 });
  await settled(page);
  for (let round = 0; round < kRounds; ++round) {
    await wander(page, round);
    await settled(page);
    const together = await page.screenshot();
    expect(await inked(page, together)).toBeGreaterThan(1000);
    // Another set of hidden layers has all of it drawn anew.
    await page.evaluate(() => (window as unknown as { viewer: Viewer }).viewer.hide(new Set()));
    await settled(page);
    expect(await differing(page, together, await page.screenshot()), `round ${round}`).toBeLessThanOrEqual(kMostDiffering);
  }
});

test("far from the origin, and however near one looks, nothing loses its place", async () => {
  const size = { width: 1000, height: 700 };
  const far = { x: 4_500_000, y: 5_400_000 };
  const pages: [Page, { x: number; y: number }][] = [];
  for (const at of [{ x: 0, y: 0 }, far]) pages.push([await stage.open(await stage.parse("made.dxf", made_drawing(at.x, at.y)), 0, size), at]);
  // All of it; a letter; the circle's edge, a pixel being a ten-thousandth of a unit.
  for (const look of [{ x: 50, y: 50, scale: 6 }, { x: 12, y: 82, scale: 90 }, { x: 70, y: 50, scale: 10_000 }]) {
    const pictures: Buffer[] = [];
    for (const [page, at] of pages) {
      await settled(page);
      await page.evaluate((place) => (window as unknown as { viewer: Viewer }).viewer.go(place), { ...look, x: look.x + at.x, y: look.y + at.y });
      await settled(page);
      pictures.push(await page.screenshot());
      expect(await inked(page, pictures.at(-1)!), `scale ${look.scale}`).toBeGreaterThan(500);
      if (folder) writeFileSync(join(folder, `far-${look.scale}-${at.x}.png`), pictures.at(-1)!);
    }
    expect(await differing(pages[0]![0], pictures[0]!, pictures[1]!), `scale ${look.scale}`).toBeLessThanOrEqual(kMostDiffering);
  }
});
