// SPDX-License-Identifier: Apache-2.0
// What the page shows of the viewer: one value, replaced when something changes.
import type { Camera } from "./camera";
import type { Paper } from "./gl/paper";
import type { Point } from "./measure";
import type { Failed } from "./worker/client";
import type { EntityInfo, Opened, Snap } from "./worker/protocol";

export type Tool = "select" | "distance" | "area";

export interface ViewerState {
  phase: "loading" | "ready" | "failed" | "no_webgl" | "lost";
  scene: Opened | undefined;
  failure: Failed | undefined;
  camera: Camera | undefined;
  // Pixels of the canvas per pixel of the page.
  density: number;
  hidden: ReadonlySet<number>;
  paper: Paper;
  tool: Tool;
  points: readonly Point[];
  // No further point is added: the next click begins anew.
  finished: boolean;
  cursor: Point | undefined;
  snap: Snap | undefined;
  hover: EntityInfo | undefined;
  selected: EntityInfo | undefined;
  // What the sheet's coordinates count.
  unit: string;
  // Something that is seen is still to come.
  busy: boolean;
}

export const kStart: ViewerState = {
  phase: "loading",
  scene: undefined,
  failure: undefined,
  camera: undefined,
  density: 1,
  hidden: new Set(),
  paper: "light",
  tool: "select",
  points: [],
  finished: false,
  cursor: undefined,
  snap: undefined,
  hover: undefined,
  selected: undefined,
  unit: "units",
  busy: true,
};

export class Store {
  private state = kStart;
  private readonly listeners = new Set<() => void>();

  get = (): ViewerState => this.state;
  subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };
  set(change: Partial<ViewerState>) {
    const differs = Object.entries(change).some(([name, value]) => this.state[name as keyof ViewerState] !== value);
    if (!differs) return;
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}
