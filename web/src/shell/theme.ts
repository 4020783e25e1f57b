// SPDX-License-Identifier: Apache-2.0
// "system" follows the device; the choice is kept on it. Nothing else is ever kept in its storage.
export type Theme = "system" | "light" | "dark";

const kName = "cadlens-theme";
const dark = window.matchMedia("(prefers-color-scheme: dark)");

export function theme(): Theme {
  const kept = localStorage.getItem(kName);
  return kept === "light" || kept === "dark" ? kept : "system";
}

function show() {
  const chosen = theme();
  document.documentElement.dataset["theme"] = chosen === "system" ? (dark.matches ? "dark" : "light") : chosen;
  window.dispatchEvent(new Event("cadlens-theme"));
}

export function choose_theme(chosen: Theme) {
  if (chosen === "system") localStorage.removeItem(kName);
  else localStorage.setItem(kName, chosen);
  show();
}

export function apply_theme() {
  show();
  dark.addEventListener("change", show);
}
