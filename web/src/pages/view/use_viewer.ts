// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState, useSyncExternalStore } from "react";

import { api } from "../../api/client";
import { say } from "../../design";
import { kStart, type ViewerState } from "../../viewer/state";
import { Viewer } from "../../viewer/viewer";
import { type DeepLink, write_link } from "./deep_link";

// The client asks for a fresh session when one is over; the worker has its own requests.
async function renew(): Promise<boolean> {
  try {
    await api.GET("/v1/auth/me");
    return true;
  } catch {
    return false;
  }
}

const nothing = () => () => {};
const at_start = () => kStart;

async function select_linked(viewer: Viewer, { at, select }: DeepLink) {
  if (!select) return;
  const entity = await viewer.entity(select);
  if (!entity) {
    say("The entity of the link is not drawn on this sheet: its layer is off or frozen, or it has nothing to show.");
    return;
  }
  viewer.hand.select(entity);
  if (!at) viewer.zoom_to(entity.box);
}

// Another link to the sheet that is there.
export function follow_link(viewer: Viewer, link: DeepLink) {
  if (link.at) viewer.go(link.at);
  viewer.set_paper(link.paper);
  viewer.hide(new Set(link.hidden));
  void select_linked(viewer, link);
}

// The viewer of a sheet, in `host`. `link` is where it begins.
export function useViewer(job: string, link: DeepLink): { host: React.RefObject<HTMLDivElement | null>; viewer: Viewer | undefined; state: ViewerState } {
  const host = useRef<HTMLDivElement>(null);
  const begin = useRef(link);
  begin.current = link;
  const [viewer, set_viewer] = useState<Viewer>();
  const { sheet } = link;

  useEffect(() => {
    const made = new Viewer(host.current!, { url: `/v1/jobs/${encodeURIComponent(job)}/scene?sheet=${sheet}`, renew });
    const { at, hidden, paper } = begin.current;
    if (at) made.begin_at(at);
    made.set_paper(paper);
    made.hide(new Set(hidden));
    const stop = made.store.subscribe(() => {
      if (made.store.get().phase !== "ready") return;
      stop();
      void select_linked(made, begin.current);
    });
    set_viewer(made);
    return () => {
      stop();
      made.destroy();
      set_viewer(undefined);
    };
  }, [job, sheet]);

  const state = useSyncExternalStore(viewer?.store.subscribe ?? nothing, viewer?.store.get ?? at_start);
  return { host, viewer, state };
}

const kSettleMs = 250;

// Keeps the address up to what is seen, once it has come to rest.
export function useLink(sheet: number, state: ViewerState) {
  const { phase, camera, density, selected, hidden, paper } = state;
  useEffect(() => {
    if (phase !== "ready" || !camera) return;
    const timer = setTimeout(() => history.replaceState(history.state, "", location.pathname + location.search + link_of(sheet, state)), kSettleMs);
    return () => clearTimeout(timer);
    // The other fields of the state do not show in the address.
  }, [sheet, phase, camera, density, selected, hidden, paper]);
}

export function link_of(sheet: number, { camera, density, selected, hidden, paper }: ViewerState): string {
  return write_link({
    sheet,
    hidden: [...hidden],
    paper,
    ...(camera ? { at: { x: camera.x, y: camera.y, scale: camera.scale / density } } : {}),
    ...(selected && selected.handle !== "0" ? { select: selected.handle } : {}),
  });
}
