// SPDX-License-Identifier: Apache-2.0
import { type RefObject, useEffect, useRef } from "react";

let arrived = false;

// The link that led to a page goes with the page that it was on. What is there now takes the focus, so that the Tab key goes on in
// it; a page that the browser has just loaded leaves it alone.
export function useArrival(): RefObject<HTMLElement | null> {
  const content = useRef<HTMLElement>(null);
  useEffect(() => {
    if (arrived && document.activeElement === document.body) content.current?.focus({ preventScroll: true });
    arrived = true;
  }, []);
  return content;
}
