// SPDX-License-Identifier: Apache-2.0
export interface Point {
  x: number;
  y: number;
}

// Along the points, from the first to the last.
export function length_of(points: readonly Point[]): number {
  let length = 0;
  for (let i = 1; i < points.length; ++i) length += Math.hypot(points[i]!.x - points[i - 1]!.x, points[i]!.y - points[i - 1]!.y);
  return length;
}

export function perimeter_of(points: readonly Point[]): number {
  return points.length < 2 ? 0 : length_of([...points, points[0]!]);
}

const across = (a: Point, b: Point, c: Point) => Math.sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));

// Two sides of the polygon cross between their ends: what it encloses is not what area_of() says.
export function crosses_itself(points: readonly Point[]): boolean {
  const end_of = (i: number) => points[(i + 1) % points.length]!;
  return points.some((a, i) =>
    points.some((c, j) => {
      const [b, d] = [end_of(i), end_of(j)];
      return j > i + 1 && across(a, b, c) * across(a, b, d) < 0 && across(c, d, a) * across(c, d, b) < 0;
    }),
  );
}

// Of the polygon. Relative to its first point, so that it is exact far from the origin, too.
export function area_of(points: readonly Point[]): number {
  let twice = 0;
  const origin = points[0];
  if (!origin) return 0;
  for (let i = 1; i + 1 < points.length; ++i) {
    const ax = points[i]!.x - origin.x;
    const ay = points[i]!.y - origin.y;
    const bx = points[i + 1]!.x - origin.x;
    const by = points[i + 1]!.y - origin.y;
    twice += ax * by - ay * bx;
  }
  return Math.abs(twice) / 2;
}

// From the x axis, counter-clockwise, 0 to 360 degrees.
export function angle_of(from: Point, to: Point): number {
  const degrees = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;
  return degrees < 0 ? degrees + 360 : degrees;
}
