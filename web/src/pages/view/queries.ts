// SPDX-License-Identifier: Apache-2.0
// What the page asks the API beside the scene itself.
import { useQuery } from "@tanstack/react-query";

import { api, data } from "../../api/client";
import type { Units } from "../../api/result";
import { kNone } from "../../viewer/scene/format";
import type { EntityInfo } from "../../viewer/worker/protocol";
import { result_summary } from "../drawing/entity_queries";

export function useJob(id: string) {
  return useQuery({ queryKey: ["job", id], queryFn: ({ signal }) => data(api.GET("/v1/jobs/{id}", { params: { path: { id } }, signal })) });
}

export interface Sheet {
  number: number;
  name: string;
  entities: number;
  // What its coordinates count, where that is the model's unit; the scenes of paper say theirs.
  unit: string;
}

const kUnits: Record<Units, string> = { mm: "mm", cm: "cm", m: "m", inch: "in", feet: "ft", unknown: "units" };

// Scales are stored as fractions: an inch may be 25.39999.
const is_about = (value: number, wanted: number) => Math.abs(value - wanted) < 1e-4 * wanted;
export const paper_unit = (mm_per_unit: number) => (is_about(mm_per_unit, 1) ? "mm" : is_about(mm_per_unit, 25.4) ? "in" : undefined);

export function useSheets(id: string) {
  return useQuery({
    ...result_summary(id),
    select: ({ file, sheets }): Sheet[] =>
      sheets.map(({ index, name, key, entityCount }) => ({ number: index, name, entities: entityCount, unit: key === "model" ? kUnits[file.units] : "units" })),
  });
}

export type Entity = { id: string; type: string; layer: string } & Record<string, unknown>;

async function entity_of(id: string, sheet: number, { index }: EntityInfo, signal: AbortSignal): Promise<Entity | null> {
  const query = { sheet: String(sheet), index };
  const { entities } = await data(api.GET("/v1/jobs/{id}/entities", { params: { path: { id }, query }, signal }));
  return (entities as Entity[])[0] ?? null;
}

export function useEntity(id: string, sheet: number, entity: EntityInfo | undefined) {
  return useQuery({
    queryKey: ["entity", id, sheet, entity?.number],
    queryFn: ({ signal }) => entity_of(id, sheet, entity!, signal),
    enabled: entity !== undefined && entity.index !== kNone,
    staleTime: Infinity,
  });
}

export function usePreviews(id: string, enabled: boolean) {
  return useQuery({ queryKey: ["previews", id], queryFn: ({ signal }) => data(api.GET("/v1/jobs/{id}/image", { params: { path: { id } }, signal })), enabled });
}
