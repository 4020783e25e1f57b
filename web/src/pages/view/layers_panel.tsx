// SPDX-License-Identifier: Apache-2.0
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef, useState } from "react";

import { Button, Checkbox, Empty, TextField } from "../../design";
import { LayerFlag } from "../../viewer/scene/format";
import type { ViewerState } from "../../viewer/state";
import type { Viewer } from "../../viewer/viewer";
import { Panel } from "./panel";
import css from "./view.module.css";

const kRowPx = 36;

const rgb_of = (color: number) => `rgb(${color & 255} ${(color >>> 8) & 255} ${(color >>> 16) & 255})`;

export function LayersPanel({ viewer, state, onClose }: { viewer: Viewer; state: ViewerState; onClose: () => void }) {
  const [wanted, set_wanted] = useState("");
  const all = (state.scene?.layers ?? []).map((layer, index) => ({ ...layer, index }));
  // A layer that draws nothing here has nothing to switch.
  const drawn = all.filter((layer) => layer.runs > 0);
  const rows = drawn.filter((layer) => layer.name.toLocaleLowerCase().includes(wanted.toLocaleLowerCase())).sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
  const off = all.filter((layer) => layer.runs === 0 && (layer.flags & LayerFlag.visible) === 0).length;
  const scroller = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => kRowPx, overscan: 8 });

  const show = (index: number, visible: boolean) => {
    const hidden = new Set(state.hidden);
    if (visible) hidden.delete(index);
    else hidden.add(index);
    viewer.hide(hidden);
  };

  return (
    <Panel title="Layers" onClose={onClose}>
      <div className={css["panel-top"]}>
        <TextField label="Find a layer" type="search" value={wanted} onChange={set_wanted} />
        <div className={css["row"]}>
          <Button small onPress={() => viewer.hide(new Set())} disabled={state.hidden.size === 0}>
            Show all
          </Button>
          <Button small onPress={() => viewer.hide(new Set(drawn.map((layer) => layer.index)))}>
            Hide all
          </Button>
        </div>
      </div>
      {rows.length === 0 ? (
        <Empty title={wanted ? "No layer has this name" : "No layer draws anything here"} />
      ) : (
        <div className={css["scroll"]} ref={scroller} tabIndex={-1}>
          <ul className={css["virtual"]} style={{ height: list.getTotalSize() }}>
            {list.getVirtualItems().map((item) => {
              const layer = rows[item.index]!;
              return (
                <li key={layer.index} className={css["layer"]} style={{ transform: `translateY(${item.start}px)` }}>
                  <Checkbox value={!state.hidden.has(layer.index)} onChange={(visible) => show(layer.index, visible)}>
                    <span className={css["layer-name"]}>{layer.name}</span>
                  </Checkbox>
                  <span className={css["swatch"]} style={{ backgroundColor: rgb_of(layer.color) }} aria-hidden="true" />
                </li>
              );
            })}
          </ul>
        </div>
      )}
      {off > 0 && <p className={css["note"]}>{off === 1 ? "1 layer is" : `${off} layers are`} off or frozen in the drawing and not part of the picture.</p>}
    </Panel>
  );
}
