// SPDX-License-Identifier: Apache-2.0
// Fills as triangles, right for outlines that cross themselves under either rule: a line sweeps upward over the edges, and
// between two neighboring heights the spans that the rule fills are trapezoids. One that goes on between the same two edges
// in the next band is continued, so a convex outline of n edges gives about n triangles.
import type { Outline } from "./outline";

interface Edge {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
  wind: 1 | -1;
  // Where the sweep is.
  x: number;
  // The trapezoid that is open to the right of this edge.
  right: Edge | undefined;
  since: number;
  seen: number;
}

export type Emit = (ax: number, ay: number, bx: number, by: number, cx: number, cy: number) => void;

const x_at = (edge: Edge, y: number) => (y >= edge.y1 ? edge.x1 : y <= edge.y0 ? edge.x0 : edge.x0 + ((edge.x1 - edge.x0) * (y - edge.y0)) / (edge.y1 - edge.y0));

function edges_of(path: Outline): Edge[] {
  const edges: Edge[] = [];
  const p = path.points;
  for (const { begin, end } of path.parts) {
    let a = end - 1;
    for (let b = begin; b < end; a = b++) {
      const up = p[2 * a + 1]! < p[2 * b + 1]!;
      const [from, to] = up ? [a, b] : [b, a];
      const y0 = p[2 * from + 1]!;
      const y1 = p[2 * to + 1]!;
      if (y0 < y1) edges.push({ x0: p[2 * from]!, y0, x1: p[2 * to]!, y1, wind: up ? 1 : -1, x: 0, right: undefined, since: 0, seen: -1 });
    }
  }
  return edges.sort((a, b) => a.y0 - b.y0);
}

// Of the outline's width: what is nearer than this at some height meets there.
const kTie = 1e-11;

const slope = (edge: Edge) => (edge.x1 - edge.x0) / (edge.y1 - edge.y0);

// By the place right above the sweep: edges that meet at it go apart by their slopes. Nearly sorted from the band before, so
// insertion is the quickest.
function sort_by_x(edges: Edge[], tie: number) {
  for (let i = 1; i < edges.length; ++i) {
    const edge = edges[i]!;
    let j = i - 1;
    for (; j >= 0; --j) {
      const apart = edges[j]!.x - edge.x;
      if (Math.abs(apart) <= tie ? slope(edges[j]!) <= slope(edge) : apart < 0) break;
      edges[j + 1] = edges[j]!;
    }
    edges[j + 1] = edge;
  }
}

function close(left: Edge, y: number, emit: Emit) {
  const right = left.right!;
  const from = left.since;
  left.right = undefined;
  const la = x_at(left, from);
  const ra = x_at(right, from);
  const lb = x_at(left, y);
  const rb = x_at(right, y);
  if (ra > la) emit(la, from, ra, from, rb > lb ? rb : lb, y);
  if (rb > lb) emit(la, from, rb, y, lb, y);
}

// The first height above `y` and not above `top` at which two neighbors cross; they are sorted by their place at `y`.
function first_crossing(active: Edge[], y: number, top: number): number {
  let first = top;
  for (let i = 1; i < active.length; ++i) {
    const a = active[i - 1]!;
    const b = active[i]!;
    const apart = b.x - a.x;
    const then = x_at(b, first) - x_at(a, first);
    if (then >= 0) continue;
    const at = y + ((first - y) * apart) / (apart - then);
    if (at > y && at < first) first = at;
  }
  return first;
}

export function triangulate(path: Outline, even_odd: boolean, emit: Emit) {
  const edges = edges_of(path);
  if (edges.length === 0) return;
  const heights = Float64Array.from(edges.flatMap((edge) => [edge.y0, edge.y1])).sort();
  const tie = kTie * path.width;
  let active: Edge[] = [];
  let open: Edge[] = [];
  let next_edge = 0;
  let band = 0;
  let y = heights[0]!;
  for (let h = 0; h < heights.length; ) {
    const top = heights[h]!;
    if (top <= y) {
      ++h;
      continue;
    }
    if (active.some((edge) => edge.y1 <= y)) active = active.filter((edge) => edge.y1 > y);
    while (next_edge < edges.length && edges[next_edge]!.y0 <= y) active.push(edges[next_edge++]!);
    for (const edge of active) edge.x = x_at(edge, y);
    sort_by_x(active, tie);
    const until = first_crossing(active, y, top);
    // In the middle of the band the order is beyond doubt.
    for (const edge of active) edge.x = x_at(edge, (y + until) / 2);
    sort_by_x(active, 0);
    const still: Edge[] = [];
    let winding = 0;
    let left: Edge | undefined;
    for (const edge of active) {
      winding += edge.wind;
      const inside = even_odd ? (winding & 1) !== 0 : winding !== 0;
      if (inside && !left) left = edge;
      else if (!inside && left) {
        if (left.right !== edge) {
          if (left.right) close(left, y, emit);
          left.right = edge;
          left.since = y;
        }
        left.seen = band;
        still.push(left);
        left = undefined;
      }
    }
    for (const edge of open) if (edge.right && edge.seen !== band) close(edge, y, emit);
    open = still;
    ++band;
    y = until;
  }
  for (const edge of open) close(edge, y, emit);
}
