// SPDX-License-Identifier: Apache-2.0
import { ArrowLeft, Ellipsis, Keyboard, Layers, Link2, ListTree, Maximize, Moon, MousePointer2, Ruler, Search, Sun, VectorSquare, ZoomIn, ZoomOut } from "lucide-react";
import { useLocation } from "wouter";

import { Choice, IconButton, Menu, say } from "../../design";
import type { Tool, ViewerState } from "../../viewer/state";
import type { Viewer } from "../../viewer/viewer";
import type { Sheet } from "./queries";
import css from "./view.module.css";

export type PanelName = "layers" | "properties" | "search";

interface Props {
  job: string;
  name: string;
  sheets: Sheet[];
  sheet: number;
  onSheet: (sheet: number) => void;
  viewer: Viewer | undefined;
  state: ViewerState;
  panel: PanelName | undefined;
  onPanel: (panel: PanelName) => void;
  onHelp: () => void;
}

const kTools: { tool: Tool; label: string; icon: typeof Ruler }[] = [
  { tool: "select", label: "Select", icon: MousePointer2 },
  { tool: "distance", label: "Measure a distance", icon: Ruler },
  { tool: "area", label: "Measure an area", icon: VectorSquare },
];
const kPanels: { name: PanelName; label: string; icon: typeof Ruler }[] = [
  { name: "layers", label: "Layers", icon: Layers },
  { name: "properties", label: "Properties", icon: ListTree },
  { name: "search", label: "Search text", icon: Search },
];

async function copy_link() {
  try {
    await navigator.clipboard.writeText(location.href);
    say("The link to this view is copied.");
  } catch {
    say("The browser does not let pages copy. The link stands in its address bar.");
  }
}

export function ToolBar({ job, name, sheets, sheet, onSheet, viewer, state, panel, onPanel, onHelp }: Props) {
  const [, go] = useLocation();
  const off = !viewer || state.phase !== "ready";
  const dark = state.paper === "dark";
  const rest = [
    { id: "paper", label: dark ? "White paper, as the preview" : "Dark paper", icon: dark ? <Sun /> : <Moon />, act: () => viewer?.set_paper(dark ? "light" : "dark") },
    { id: "link", label: "Copy a link to this view", icon: <Link2 />, act: () => void copy_link() },
    { id: "help", label: "Keys and gestures", icon: <Keyboard />, act: onHelp },
  ];
  return (
    <header className={css["bar"]}>
      <IconButton label="Back to the drawing's page" onPress={() => go(`/drawings/${job}`)}>
        <ArrowLeft />
      </IconButton>
      <h1 className={css["name"]} title={name}>
        {name}
      </h1>
      {sheets.length > 1 && (
        <div className={css["sheets"]}>
          <Choice label="Sheet" bare value={String(sheet)} onChange={(id) => onSheet(Number(id))} options={sheets.map((one) => ({ id: String(one.number), label: one.name }))} />
        </div>
      )}
      <div className={css["tools"]} role="toolbar" aria-label="Viewer">
        {kTools.map(({ tool, label, icon: Icon }) => (
          <IconButton key={tool} label={label} disabled={off} pressed={state.tool === tool} onPress={() => viewer?.hand.take(tool)}>
            <Icon />
          </IconButton>
        ))}
        <span className={css["gap"]} />
        <IconButton label="Zoom out" disabled={off} onPress={() => viewer?.zoom(1 / 1.5)}>
          <ZoomOut />
        </IconButton>
        <IconButton label="Zoom in" disabled={off} onPress={() => viewer?.zoom(1.5)}>
          <ZoomIn />
        </IconButton>
        <IconButton label="Zoom to fit" disabled={off} onPress={() => viewer?.fit()}>
          <Maximize />
        </IconButton>
        <span className={css["gap"]} />
        {kPanels.map(({ name: one, label, icon: Icon }) => (
          <IconButton key={one} label={label} disabled={off} pressed={panel === one} onPress={() => onPanel(one)}>
            <Icon />
          </IconButton>
        ))}
        <span className={css["gap"]} />
        <span className={css["wide-tools"]}>
          {rest.map(({ id, label, icon, act }) => (
            <IconButton key={id} label={label} disabled={off && id !== "help"} onPress={act}>
              {icon}
            </IconButton>
          ))}
        </span>
        <span className={css["narrow-tools"]}>
          <Menu label="More" trigger={<Ellipsis aria-hidden="true" />} actions={rest} />
        </span>
      </div>
    </header>
  );
}
