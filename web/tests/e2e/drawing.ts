// SPDX-License-Identifier: Apache-2.0
// A drawing for the tests, of this program's own making: a square of 100, a circle and a text, each on its own layer.
export const pairs = (...values: (string | number)[]) => {
  const lines: string[] = [];
  for (let at = 0; at < values.length; at += 2) lines.push(String(values[at]), String(values[at + 1]));
  return lines.join("\n");
};

const line = (x1: number, y1: number, x2: number, y2: number) => pairs(0, "LINE", 8, "Walls", 10, x1, 20, y1, 30, 0, 11, x2, 21, y2, 31, 0);

const drawing = (...entities: string[]) => {
  const head = pairs(0, "SECTION", 2, "HEADER", 9, "$ACADVER", 1, "AC1015", 9, "$INSUNITS", 70, 4, 0, "ENDSEC", 0, "SECTION", 2, "ENTITIES");
  return Buffer.from([head, ...entities, pairs(0, "ENDSEC", 0, "EOF"), ""].join("\n"));
};

// `x` and `y`: where its lower left corner lies.
export const made_drawing = (x = 0, y = 0) =>
  drawing(
    line(x, y, x + 100, y),
    line(x + 100, y, x + 100, y + 100),
    line(x + 100, y + 100, x, y + 100),
    line(x, y + 100, x, y),
    pairs(0, "CIRCLE", 8, "Columns", 10, x + 50, 20, y + 50, 30, 0, 40, 20),
    pairs(0, "TEXT", 8, "Notes", 10, x + 10, 20, y + 80, 30, 0, 40, 6, 1, "Room 12"),
  );

// All of it is on paper: its model is empty.
export const drawing_on_paper = () => drawing(pairs(0, "LINE", 8, "Frame", 67, 1, 410, "Layout1", 10, 0, 20, 0, 30, 0, 11, 100, 21, 50, 31, 0));
