// SPDX-License-Identifier: Apache-2.0
import { type ReactNode, useState } from "react";

import { Button, Choice, TextField } from "../../design";
import css from "./activity.module.css";

export const kAny = "any";
const kSources = [
  { id: kAny, label: "Everything" },
  { id: "request", label: "Requests" },
  { id: "job", label: "Jobs" },
  { id: "webhook", label: "Webhooks" },
  { id: "account", label: "Account" },
] as const;
const kLevels = [
  { id: kAny, label: "All levels" },
  { id: "info", label: "Information" },
  { id: "warn", label: "Warnings" },
  { id: "error", label: "Errors" },
] as const;

export interface Wanted {
  source: (typeof kSources)[number]["id"];
  level: (typeof kLevels)[number]["id"];
  text: string;
  // A day: entries up to its end.
  until: string;
}

// Text is looked for when it is complete: each look reads the feed anew.
export function Filters({ wanted, onChange, children }: { wanted: Wanted; onChange: (wanted: Wanted) => void; children: ReactNode }) {
  const [text, set_text] = useState(wanted.text);
  return (
    <form
      className={css["filters"]}
      role="search"
      aria-label="Filter the activity"
      onSubmit={(event) => {
        event.preventDefault();
        onChange({ ...wanted, text: text.trim() });
      }}
    >
      <Choice label="About" value={wanted.source} onChange={(source) => onChange({ ...wanted, source })} options={kSources} />
      <Choice label="Level" value={wanted.level} onChange={(level) => onChange({ ...wanted, level })} options={kLevels} />
      <TextField label="Until (UTC)" type="date" value={wanted.until} onChange={(until) => onChange({ ...wanted, until })} />
      <TextField label="Message or job" type="search" maxLength={200} value={text} onChange={set_text} placeholder="job_…" />
      <div className={css["go"]}>
        <Button type="submit">Search</Button>
        {children}
      </div>
    </form>
  );
}
