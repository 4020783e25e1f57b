// SPDX-License-Identifier: Apache-2.0
// A view as the part of the address behind '#': which sheet, where, what is selected, which layers are hidden.
import type { Paper } from "../../viewer/gl/paper";

export interface DeepLink {
  sheet: number;
  // Center, and pixels of the page per unit.
  at?: { x: number; y: number; scale: number };
  // A handle.
  select?: string;
  hidden: number[];
  paper: Paper;
}

const kDigits = 12; // of a coordinate: enough for a pixel at any zoom

function numbers(text: string | null): number[] {
  return (text ?? "").split(",").filter(Boolean).map(Number);
}

// What cannot be understood is left out: a link is somebody else's word.
export function read_link(hash: string): DeepLink {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const sheet = Number(fields.get("sheet") ?? "0");
  const [x, y, scale] = numbers(fields.get("at"));
  const select = fields.get("select") ?? "";
  const has_place = [x, y, scale].every(Number.isFinite) && scale! > 0;
  return {
    sheet: Number.isSafeInteger(sheet) && sheet >= 0 ? sheet : 0,
    hidden: numbers(fields.get("hide")).filter((layer) => Number.isSafeInteger(layer) && layer >= 0),
    paper: fields.get("paper") === "dark" ? "dark" : "light",
    ...(has_place ? { at: { x: x!, y: y!, scale: scale! } } : {}),
    ...(/^[0-9A-F]{1,16}$/.test(select) ? { select } : {}),
  };
}

export function write_link({ sheet, at, select, hidden, paper }: DeepLink): string {
  const fields: string[] = [];
  if (sheet > 0) fields.push(`sheet=${sheet}`);
  if (at) fields.push(`at=${[at.x, at.y, at.scale].map((value) => Number(value.toPrecision(kDigits))).join(",")}`);
  if (select) fields.push(`select=${select}`);
  if (hidden.length > 0) fields.push(`hide=${[...hidden].sort((a, b) => a - b).join(",")}`);
  if (paper === "dark") fields.push("paper=dark");
  return fields.length > 0 ? `#${fields.join("&")}` : "";
}

// The address of the viewer with a job's sheet, and what is to be selected in it.
export const view_of = (job: string, sheet = 0, select?: string) =>
  `/drawings/${job}/view${write_link({ sheet, hidden: [], paper: "light", ...(select ? { select } : {}) })}`;
