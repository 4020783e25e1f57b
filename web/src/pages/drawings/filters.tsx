// SPDX-License-Identifier: Apache-2.0
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { Choice, TextField } from "../../design";
import css from "./drawings.module.css";
import { type Filters, formats, type Status } from "./job_queries";
import { status_words } from "./status_badge";

const kPauseOfTyping = 300;
const all = { id: "all", label: "All" };
const statuses = [all, ...Object.entries(status_words).map(([id, label]) => ({ id, label }))];

export function FilterBar({ filters, onChange }: { filters: Filters; onChange: (to: Partial<Filters>) => void }) {
  const [typed, set_typed] = useState(filters.q);
  const known = useQuery(formats).data ?? [];
  useEffect(() => set_typed(filters.q), [filters.q]);
  useEffect(() => {
    if (typed === filters.q) return;
    const timer = setTimeout(() => onChange({ q: typed }), kPauseOfTyping);
    return () => clearTimeout(timer);
  }, [typed, filters.q, onChange]);
  const chosen = (id: string) => (id === all.id ? "" : id);
  return (
    <div className={css["filters"]} role="search" aria-label="Drawings">
      <TextField label="File name" type="search" value={typed} onChange={set_typed} />
      <Choice label="Status" value={filters.status || all.id} onChange={(id) => onChange({ status: chosen(id) as Status | "" })} options={statuses} />
      <Choice
        label="Format"
        value={filters.format || all.id}
        onChange={(id) => onChange({ format: chosen(id) })}
        options={[all, ...known.map(({ format }) => ({ id: format, label: format }))]}
      />
    </div>
  );
}
