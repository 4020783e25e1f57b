// SPDX-License-Identifier: Apache-2.0
import { type KeyboardEvent, useCallback, useEffect, useState } from "react";
import { useParams } from "wouter";

import { read_link } from "./deep_link";
import { Help } from "./help";
import { LayersPanel } from "./layers_panel";
import { MeasurePanel } from "./measure_panel";
import { Covering } from "./panel";
import { PropertiesPanel } from "./properties_panel";
import { paper_unit, useJob, useSheets } from "./queries";
import { SearchPanel } from "./search_panel";
import { StatusLine } from "./status_line";
import { type PanelName, ToolBar } from "./tool_bar";
import { Troubles } from "./troubles";
import { follow_link, useLink, useViewer } from "./use_viewer";
import css from "./view.module.css";

export function View() {
  const { id: job = "" } = useParams();
  const [link, set_link] = useState(() => read_link(location.hash));
  const { host, viewer, state } = useViewer(job, link);
  const { data: details } = useJob(job);
  const { data: sheets = [] } = useSheets(job);
  const [panel, set_panel] = useState<PanelName>();
  const [help, set_help] = useState(false);
  useLink(link.sheet, state);

  const unit = paper_unit(state.scene?.mm_per_unit ?? 0) ?? sheets.find(({ number }) => number === link.sheet)?.unit;
  useEffect(() => {
    if (unit) viewer?.set_unit(unit);
  }, [viewer, unit]);

  const name = details?.fileName ?? "Drawing";
  useEffect(() => {
    document.title = `${name} · CADLens`;
  }, [name]);

  const cover = useCallback((pixels: number) => viewer?.cover(pixels), [viewer]);

  // Somebody follows a link within the page, or edits the address.
  useEffect(() => {
    const follow = () => {
      const now = read_link(location.hash);
      set_link(now);
      // Another sheet gets a viewer of its own, which begins there.
      if (viewer && now.sheet === link.sheet) follow_link(viewer, now);
    };
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, [viewer, link.sheet]);

  // What is selected tells about itself.
  const selected = state.selected?.number;
  useEffect(() => {
    if (selected !== undefined) set_panel((open) => open ?? "properties");
  }, [selected]);

  const toggle = (one: PanelName) => set_panel((open) => (open === one ? undefined : one));
  const close = () => set_panel(undefined);
  const on_key = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !viewer) return;
    const acts: Record<string, () => void> = {
      v: () => viewer.hand.take("select"),
      d: () => viewer.hand.take("distance"),
      a: () => viewer.hand.take("area"),
      l: () => toggle("layers"),
      p: () => toggle("properties"),
      s: () => toggle("search"),
      "?": () => set_help(true),
    };
    const act = acts[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  };

  const open_sheet = (sheet: number) => {
    set_link({ sheet, hidden: [], paper: state.paper });
  };

  return (
    <div className={css["frame"]}>
      <ToolBar job={job} name={name} sheets={sheets} sheet={link.sheet} onSheet={open_sheet} viewer={viewer} state={state} panel={panel} onPanel={toggle} onHelp={() => set_help(true)} />
      <main className={css["main"]} id="content">
        <div
          ref={host}
          className={`${css["host"]} ${state.tool === "select" ? (state.hover ? css["pointing"] : "") : css["crosshair"]}`}
          tabIndex={0}
          role="application"
          aria-busy={state.busy}
          aria-label="Drawing. Arrow keys move it, plus and minus zoom, Enter selects what is in the middle, question mark lists all keys."
          onKeyDown={on_key}
        />
        <Troubles job={job} sheet={link.sheet} sheets={sheets} onSheet={open_sheet} viewer={viewer} state={state} />
        {viewer && state.phase === "ready" && (
          <Covering value={cover}>
            {state.tool !== "select" && !panel && <MeasurePanel viewer={viewer} state={state} />}
            {panel === "layers" && <LayersPanel viewer={viewer} state={state} onClose={close} />}
            {panel === "properties" && <PropertiesPanel job={job} sheet={link.sheet} viewer={viewer} state={state} onClose={close} />}
            {panel === "search" && <SearchPanel viewer={viewer} state={state} onClose={close} />}
          </Covering>
        )}
      </main>
      <StatusLine state={state} />
      <Help open={help} onClose={() => set_help(false)} />
    </div>
  );
}
