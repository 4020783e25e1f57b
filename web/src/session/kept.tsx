// SPDX-License-Identifier: Apache-2.0
import { Activity, type ReactNode, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";

import { OverlayPlace } from "../design";
import css from "./kept.module.css";

function made_place(): HTMLElement {
  const place = document.createElement("div");
  place.className = css["place"]!;
  return place;
}

// Puts what pages are drawn into in the document, and takes it out.
function Placed({ page, overlays, away }: { page: HTMLElement; overlays: HTMLElement; away: boolean }) {
  const here = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (away) return;
    here.current?.append(page);
    document.body.append(overlays);
    return () => {
      page.remove();
      overlays.remove();
    };
  }, [away, page, overlays]);
  return <div ref={here} className={css["place"]} />;
}

// Pages of who is signed in, as they are left when the session ends: what is typed stays typed. Meanwhile nothing of them is in the
// document, dialogs included, as anybody may sit there; and their effects are undone, so that they ask for nothing.
export function Kept({ away, children }: { away: boolean; children: ReactNode }) {
  const [page] = useState(made_place);
  const [overlays] = useState(made_place);
  return (
    <>
      {/* Before the page: its effects find it in the document. */}
      <Placed page={page} overlays={overlays} away={away} />
      {createPortal(
        <OverlayPlace value={overlays}>
          <Activity mode={away ? "hidden" : "visible"}>{children}</Activity>
        </OverlayPlace>,
        page,
      )}
    </>
  );
}
