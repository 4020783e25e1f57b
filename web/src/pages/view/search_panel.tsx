// SPDX-License-Identifier: Apache-2.0
import { Search, TextSearch } from "lucide-react";
import { type FormEvent, useState } from "react";

import { Button, Empty, Loading, TextField } from "../../design";
import type { ViewerState } from "../../viewer/state";
import type { Viewer } from "../../viewer/viewer";
import type { Found } from "../../viewer/worker/protocol";
import { Panel } from "./panel";
import css from "./view.module.css";

const kMostShown = 500;

export function SearchPanel({ viewer, state, onClose }: { viewer: Viewer; state: ViewerState; onClose: () => void }) {
  const [text, set_text] = useState("");
  const [busy, set_busy] = useState(false);
  const [found, set_found] = useState<{ text: string; entities: Found[] }>();

  const search = async (event: FormEvent) => {
    event.preventDefault();
    const wanted = text.trim();
    if (!wanted) return;
    set_busy(true);
    const entities = await viewer.search(wanted);
    set_busy(false);
    if (entities) set_found({ text: wanted, entities });
  };
  const open = (entity: Found) => {
    viewer.hand.select(entity);
    viewer.zoom_to(entity.box);
  };

  return (
    <Panel title="Search" onClose={onClose}>
      <form className={css["panel-top"]} onSubmit={(event) => void search(event)} role="search">
        <TextField label="Text in this sheet" type="search" value={text} onChange={set_text} autoFocus />
        <Button type="submit" small busy={busy}>
          <Search aria-hidden="true" />
          Search
        </Button>
      </form>
      <div className={css["scroll"]} aria-live="polite">
        {busy && <Loading label="Searching the whole sheet" />}
        {!busy && found?.entities.length === 0 && (
          <Empty icon={<TextSearch />} title={`Nothing says “${found.text}”`}>
            Only text that is drawn on this sheet is searched.
          </Empty>
        )}
        {!busy && found && found.entities.length > 0 && (
          <>
            <p className={css["note"]}>
              {found.entities.length === kMostShown ? `The first ${kMostShown}` : found.entities.length} for “{found.text}”
            </p>
            <ul className={css["found"]}>
              {found.entities.map((entity) => (
                <li key={entity.number}>
                  <button type="button" className={css["hit"]} aria-current={state.selected?.number === entity.number} onClick={() => open(entity)}>
                    {entity.text}
                    <span className={css["soft"]}>
                      {state.scene?.layers[entity.layer]?.name}
                      {state.hidden.has(entity.layer) && " (hidden)"}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </Panel>
  );
}
