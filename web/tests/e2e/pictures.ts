// SPDX-License-Identifier: Apache-2.0
// How far two pictures differ. The page compares them, as it decodes PNGs.
import type { Page } from "playwright-core";

export interface Difference {
  ink: number;
  off: number;
  picture: string;
}

// Width and height stand in the PNG's first chunk.
export const size_of = (png: Buffer) => ({ width: png.readUInt32BE(16), height: png.readUInt32BE(20) });

// Two pixels agree when no channel differs by more than kShade, or when the picture has such a pixel next to it (kReach pixels
// away): two renderers antialias differently, and what they draw is at most a pixel apart. `ink` counts the pixels that are not
// paper in either picture, `off` those of them that do not agree, both ways round; the picture shows them in red.
const kShade = 96;
const kReach = 1;

export async function differ(page: Page, a: Buffer, b: Buffer): Promise<Difference> {
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
      for (let y = 0; y < height; ++y)
        for (let x = 0; x < width; ++x) {
          const i = 4 * (y * width + x);
          const paper = [0, 1, 2].every((k) => one.data[i + k] === 255 && two.data[i + k] === 255);
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
      return { ink, off, picture: btoa(text) };
    },
    { a: a.toString("base64"), b: b.toString("base64"), shade: kShade, reach: kReach },
  );
}

// The share of pixels that are not exactly alike.
export async function differing(page: Page, a: Buffer, b: Buffer): Promise<number> {
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
