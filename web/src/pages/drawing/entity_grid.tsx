// SPDX-License-Identifier: Apache-2.0
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";

import type { Entity } from "../../api/result";
import css from "./entities.module.css";
import { geometry_words, measure } from "./geometry_words";

const kRow = 41;
const kHead = 40;
// Rows before the end at which the next page is asked for.
const kAhead = 60;
const kPageOfRows = 10;

const heads = ["Type", "Layer", "Geometry", "Length", "Area", "Id"];

function size_words({ metrics }: Entity): [string, string] {
  const length = metrics.length ?? metrics.perimeter;
  return [length === null ? "" : measure(length), metrics.area === null ? "" : measure(metrics.area)];
}

function step_of(key: string, at: number, last: number): number | undefined {
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + kPageOfRows, PageUp: at - kPageOfRows, Home: 0, End: last }[key];
  return to === undefined ? undefined : Math.min(Math.max(to, 0), last);
}

interface Props {
  entities: readonly Entity[];
  // Another page can be asked for now.
  more: boolean;
  // These are all.
  whole: boolean;
  onMore: () => void;
  onOpen: (entity: Entity) => void;
}

// However many there are, only the rows in sight are in the document. One stop of the Tab key; arrows move within.
export function EntityGrid({ entities, more, whole, onMore, onOpen }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const [active, set_active] = useState(0);
  const id = useId();
  const rows = useVirtualizer({ count: entities.length, getScrollElement: () => scroller.current, estimateSize: () => kRow, overscan: 12, scrollPaddingEnd: kHead });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= entities.length - kAhead) onMore();
  }, [more, last, entities.length, onMore]);

  const press = (event: KeyboardEvent) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      onOpen(entities[active]!);
      return;
    }
    const to = step_of(event.key, active, entities.length - 1);
    if (to === undefined) return;
    event.preventDefault();
    set_active(to);
    rows.scrollToIndex(to);
  };

  return (
    <div
      ref={scroller}
      className={css["frame"]}
      role="grid"
      aria-label="Entities"
      aria-rowcount={whole ? entities.length + 1 : -1}
      aria-colcount={heads.length}
      tabIndex={0}
      aria-activedescendant={`${id}-${active}`}
      onKeyDown={press}
    >
      <div role="rowgroup" className={css["heads"]}>
        <div role="row" aria-rowindex={1} className={css["row"]}>
          {heads.map((head) => (
            <span key={head} role="columnheader">
              {head}
            </span>
          ))}
        </div>
      </div>
      <div role="rowgroup" className={css["rows"]} style={{ height: rows.getTotalSize() }}>
        {shown.map(({ index, start }) => {
          const entity = entities[index]!;
          const [length, area] = size_words(entity);
          const geometry = geometry_words(entity);
          return (
            <div
              key={entity.id}
              id={`${id}-${index}`}
              ref={rows.measureElement}
              data-index={index}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={index === active}
              className={css["row"]}
              style={{ transform: `translateY(${start}px)` }}
              onClick={() => {
                set_active(index);
                onOpen(entity);
              }}
            >
              <span role="gridcell">{entity.type}</span>
              <span role="gridcell" title={entity.layer}>
                {entity.layer}
              </span>
              <span role="gridcell" title={geometry}>
                {geometry}
              </span>
              <span role="gridcell">{length}</span>
              <span role="gridcell">{area}</span>
              <span role="gridcell">{entity.id}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
