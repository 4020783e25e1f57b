// SPDX-License-Identifier: Apache-2.0
// Tables as RFC 4180 has them.
type Cell = string | number;

// What a spreadsheet would take for a formula is marked as text: names in it are what people gave.
function text_cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csv(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => row.map((cell) => (typeof cell === "number" ? String(cell) : text_cell(cell))).join(",") + "\r\n").join("");
}

export function save_csv(name: string, rows: readonly (readonly Cell[])[]) {
  const url = URL.createObjectURL(new Blob([csv(rows)], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads it after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
