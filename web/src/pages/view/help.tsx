// SPDX-License-Identifier: Apache-2.0
import { Dialog } from "../../design";
import css from "./view.module.css";

const kKeys: [string[], string][] = [
  [["←", "→", "↑", "↓"], "Move the drawing; with Shift further"],
  [["+", "−"], "Zoom in and out"],
  [["0"], "Show all of the sheet"],
  [["Enter"], "Select, or set a point at, the middle of the view"],
  [["F"], "Finish measuring"],
  [["Backspace"], "Take back the last point"],
  [["Esc"], "Deselect, end measuring"],
  [["V"], "Select"],
  [["D"], "Measure a distance"],
  [["A"], "Measure an area"],
  [["L"], "Layers"],
  [["P"], "Properties"],
  [["S"], "Search"],
  [["?"], "This list"],
];

export function Help({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog title="Keys and gestures" open={open} onClose={onClose}>
      <p className={css["note"]}>While the drawing has the focus:</p>
      <dl className={css["keys"]}>
        {kKeys.map(([keys, meaning]) => (
          <div key={meaning}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p className={css["note"]}>Drag to move, turn the wheel or pinch to zoom, click to select. A double click ends a measure.</p>
    </Dialog>
  );
}
