// SPDX-License-Identifier: Apache-2.0
const kSteps = 256;

// The colors along a gradient, evenly spaced, as src/render/fills.cpp computes them. RGBA.
export function ramp_of(words: Uint32Array, floats: Float32Array, at: number, stops: number): Uint8Array {
  const ramp = new Uint8Array(4 * kSteps);
  for (let i = 0; i < kSteps; ++i) {
    const t = i / (kSteps - 1);
    let after = 0;
    while (after < stops && floats[at + 2 * after]! < t) ++after;
    const high = at + 2 * Math.min(after, stops - 1);
    const low = at + 2 * Math.max(after - 1, 0);
    const span = floats[high]! - floats[low]!;
    const part = span > 0 ? Math.min(1, Math.max(0, (t - floats[low]!) / span)) : 1;
    for (let channel = 0; channel < 4; ++channel) {
      const a = (words[low + 1]! >>> (8 * channel)) & 255;
      const b = (words[high + 1]! >>> (8 * channel)) & 255;
      ramp[4 * i + channel] = Math.round(a + part * (b - a));
    }
  }
  return ramp;
}

export function is_opaque(words: Uint32Array, at: number, stops: number): boolean {
  for (let i = 0; i < stops; ++i) if (words[at + 2 * i + 1]! >>> 24 < 255) return false;
  return true;
}
