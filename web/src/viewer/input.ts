// SPDX-License-Identifier: Apache-2.0
// Pointers, wheel and keys as what they mean to the viewer. Places are pixels of the canvas.
import type { Point } from "./measure";

export interface Acts {
  pan(dx: number, dy: number): void;
  zoom(factor: number, at: Point | undefined): void;
  fit(): void;
  point(at: Point | undefined): void;
  // Without a place: in the middle.
  click(at: Point | undefined): void;
  finish(): void;
  undo(): void;
  escape(): void;
}

const kClickPx = 4;
const kStep = 80; // pixels of an arrow key
const kKeyZoom = 1.5;
const kWheelZoom = 0.0016; // a notch of 100 pixels: 17 %

export function listen(element: HTMLElement, density: () => number, acts: Acts): () => void {
  const down = new Map<number, Point>();
  let travel = 0;
  const end = new AbortController();
  const options = { signal: end.signal };

  const at = (event: { clientX: number; clientY: number }): Point => {
    const box = element.getBoundingClientRect();
    return { x: (event.clientX - box.left) * density(), y: (event.clientY - box.top) * density() };
  };
  const middle = (points: Point[]): Point => ({ x: points.reduce((sum, p) => sum + p.x, 0) / points.length, y: points.reduce((sum, p) => sum + p.y, 0) / points.length });
  const spread = ([a, b]: Point[]) => (a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0);

  element.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button > 1) return;
      // Else the middle button would scroll. The first one's default is wanted: it gives the focus.
      if (event.button === 1) event.preventDefault();
      element.setPointerCapture(event.pointerId);
      down.set(event.pointerId, at(event));
      if (down.size === 1) travel = 0;
      else travel = Infinity;
    },
    options,
  );
  element.addEventListener(
    "pointermove",
    (event) => {
      const before = down.get(event.pointerId);
      const now = at(event);
      if (!before) {
        if (event.pointerType !== "touch") acts.point(now);
        return;
      }
      const old = [...down.values()];
      travel += Math.hypot(now.x - before.x, now.y - before.y) / density();
      if (travel <= kClickPx) return;
      // Whole pixels are used up; the rest stays for the next move.
      const from = middle(old);
      down.set(event.pointerId, now);
      const to = middle([...down.values()]);
      const moved = { x: Math.round(to.x - from.x), y: Math.round(to.y - from.y) };
      if (down.size === 1) down.set(event.pointerId, { x: before.x + moved.x, y: before.y + moved.y });
      if (moved.x !== 0 || moved.y !== 0) acts.pan(moved.x, moved.y);
      if (down.size === 2 && spread(old) > 0) acts.zoom(spread([...down.values()]) / spread(old), to);
    },
    options,
  );
  const up = (event: PointerEvent) => {
    if (!down.delete(event.pointerId)) return;
    if (event.type === "pointerup" && down.size === 0 && travel <= kClickPx && event.button === 0) acts.click(at(event));
  };
  element.addEventListener("pointerup", up, options);
  element.addEventListener("pointercancel", up, options);
  element.addEventListener("pointerleave", () => acts.point(undefined), options);
  element.addEventListener("dblclick", () => acts.finish(), options);
  element.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 33 : 1;
      // A pinch on a touchpad comes as a wheel with Ctrl, in small steps.
      acts.zoom(Math.exp(-event.deltaY * lines * kWheelZoom * (event.ctrlKey ? 6 : 1)), at(event));
    },
    { ...options, passive: false },
  );
  element.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const step = kStep * density() * (event.shiftKey ? 4 : 1);
      const keys: Record<string, () => void> = {
        ArrowLeft: () => acts.pan(step, 0),
        ArrowRight: () => acts.pan(-step, 0),
        ArrowUp: () => acts.pan(0, step),
        ArrowDown: () => acts.pan(0, -step),
        "+": () => acts.zoom(kKeyZoom, undefined),
        "=": () => acts.zoom(kKeyZoom, undefined),
        "-": () => acts.zoom(1 / kKeyZoom, undefined),
        "0": () => acts.fit(),
        Enter: () => acts.click(undefined),
        f: () => acts.finish(),
        Backspace: () => acts.undo(),
        Escape: () => acts.escape(),
      };
      const act = keys[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    },
    options,
  );
  return () => end.abort();
}
