// SPDX-License-Identifier: Apache-2.0
import { useInfiniteQuery } from "@tanstack/react-query";
import { ListX } from "lucide-react";
import { useMemo, useState } from "react";

import type { Entity, ResultSummary } from "../../api/result";
import { Button, Card, Choice, Empty, Failure, Loading, number, SearchChoice } from "../../design";
import css from "./entities.module.css";
import { EntityDialog } from "./entity_dialog";
import { EntityGrid } from "./entity_grid";
import { entity_pages, type EntityFilters, no_filters } from "./entity_queries";

const all = "all";

function layer_options({ sheets }: ResultSummary, sheet: string) {
  const names = sheets.filter(({ key }) => !sheet || key === sheet).flatMap(({ layers }) => layers.filter(({ entityCount }) => entityCount > 0).map(({ name }) => name));
  // A layer may have any name, "all" too: the sign before it tells them apart.
  return [{ id: all, label: "All layers" }, ...[...new Set(names)].map((name) => ({ id: `=${name}`, label: name }))];
}

export function Entities({ job, summary, filters, onFilters }: { job: string; summary: ResultSummary; filters: EntityFilters; onFilters: (to: EntityFilters) => void }) {
  const [shown, set_shown] = useState<Entity>();
  const query = useInfiniteQuery(entity_pages(job, filters));
  const entities = useMemo(() => query.data?.pages.flatMap((page) => page.entities) ?? [], [query.data]);
  const layers = useMemo(() => layer_options(summary, filters.sheet), [summary, filters.sheet]);
  const types = Object.entries(summary.summary.statistics.byType).sort(([, a], [, b]) => b - a);
  const change = (to: Partial<EntityFilters>) => onFilters({ ...filters, ...to });
  const filtered = Object.values(filters).some((wanted) => wanted !== "");
  return (
    <Card title="Entities">
      <div className={css["filters"]}>
        <SearchChoice label="Layer" value={filters.layer ? `=${filters.layer}` : all} onChange={(id) => change({ layer: id === all ? "" : id.slice(1) })} options={layers} />
        <Choice
          label="Type"
          value={filters.type || all}
          onChange={(id) => change({ type: id === all ? "" : id })}
          options={[{ id: all, label: "All types" }, ...types.map(([type, count]) => ({ id: type, label: filters.sheet || filters.layer ? type : `${type} (${number(count)})` }))]}
        />
        <Choice
          label="Sheet"
          value={filters.sheet ? `=${filters.sheet}` : all}
          onChange={(id) => change({ sheet: id === all ? "" : id.slice(1), layer: "" })}
          options={[{ id: all, label: "All sheets" }, ...summary.sheets.map(({ key, name }) => ({ id: `=${key}`, label: name }))]}
        />
      </div>
      {query.isPending && <Loading label="Getting entities" />}
      {query.isError && <Failure error={query.error} retry={() => void (entities.length > 0 ? query.fetchNextPage() : query.refetch())} />}
      {query.isSuccess && entities.length === 0 && (
        <Empty icon={<ListX />} title="There are none" {...(filtered && { action: <Button onPress={() => onFilters(no_filters)}>Show all entities</Button> })}>
          {filtered ? "No entity is on this layer, of this type and on this sheet." : "The drawing has no entities."}
        </Empty>
      )}
      {entities.length > 0 && (
        <>
          <EntityGrid
            key={JSON.stringify(filters)}
            entities={entities}
            more={query.hasNextPage && !query.isFetchingNextPage && !query.isError}
            whole={!query.hasNextPage}
            onMore={() => void query.fetchNextPage()}
            onOpen={set_shown}
          />
          <p className={css["count"]} role="status">
            {query.hasNextPage ? `The first ${number(entities.length)}; scroll for more` : `${number(entities.length)} ${entities.length === 1 ? "entity" : "entities"}`}
          </p>
        </>
      )}
      {shown && <EntityDialog job={job} sheets={summary.sheets} entity={shown} onClose={() => set_shown(undefined)} />}
    </Card>
  );
}
