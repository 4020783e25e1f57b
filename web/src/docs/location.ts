// SPDX-License-Identifier: Apache-2.0
// The part of the address behind "#": wouter routes by path alone.
import { useSyncExternalStore } from "react";

// wouter makes events of the history's calls.
const kEvents = ["hashchange", "popstate", "pushState", "replaceState"];

function subscribe(listener: () => void) {
  kEvents.forEach((name) => window.addEventListener(name, listener));
  return () => kEvents.forEach((name) => window.removeEventListener(name, listener));
}

export function useHash(): string {
  return useSyncExternalStore(subscribe, () => decodeURIComponent(window.location.hash.slice(1)));
}
