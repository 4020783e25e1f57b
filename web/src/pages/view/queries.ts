// SPDX-License-Identifier: Apache-2.0
// What the page asks the API beside the scene itself.
import { useQuery } from "@tanstack/react-query";

import { ApiError, api, data } from "../../api/client";
import { kNone } from "../../viewer/scene/format";
import type { EntityInfo } from "../../viewer/worker/protocol";

export function useJob(id: string) {
  return useQuery({ queryKey: ["job", id], queryFn: ({ signal }) => data(api.GET("/v1/jobs/{id}", { params: { path: { id } }, signal })) });
}

export interface Sheet {
  number: number;
  name: string;
}

const kMostSheets = 200;

// Nothing lists a result's sheets without its entities, so each is asked for one of them: it names its layout.
async function sheets_of(id: string, signal: AbortSignal): Promise<Sheet[]> {
  const sheets: Sheet[] = [];
  for (let number = 0; number < kMostSheets; ++number) {
    try {
      const page = await data(api.GET("/v1/jobs/{id}/entities", { params: { path: { id }, query: { sheet: String(number), limit: 1 } }, signal }));
      const layout = (page.entities[0] as { layout?: unknown } | undefined)?.layout;
      sheets.push({ number, name: typeof layout === "string" ? layout : `Sheet ${number + 1}` });
    } catch (error) {
      if (error instanceof ApiError && error.status === 404 && number > 0) break;
      throw error;
    }
  }
  return sheets;
}

export function useSheets(id: string) {
  return useQuery({ queryKey: ["sheets", id], queryFn: ({ signal }) => sheets_of(id, signal), staleTime: Infinity });
}

export type Entity = { id: string; type: string; layer: string } & Record<string, unknown>;

const kMostPages = 5;

// The result's entity. There is no way to name it, so all that touch the middle of its box are asked for.
async function entity_of(id: string, sheet: number, { box, handle, index }: EntityInfo, signal: AbortSignal): Promise<Entity | null> {
  const x = (box.min_x + box.max_x) / 2;
  const y = (box.min_y + box.max_y) / 2;
  let cursor: string | undefined;
  for (let page = 0; page < kMostPages; ++page) {
    const query = { sheet: String(sheet), bbox: [x, y, x, y].join(","), limit: 1000, ...(cursor ? { cursor } : {}) };
    const { entities, nextCursor } = await data(api.GET("/v1/jobs/{id}/entities", { params: { path: { id }, query }, signal }));
    const named = (entities as Entity[]).find((entity) => (handle === "0" ? entity.id.endsWith(`-${index}`) : entity["handle"] === handle));
    if (named) return named;
    if (!nextCursor) return null;
    cursor = nextCursor;
  }
  return null;
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
