// SPDX-License-Identifier: Apache-2.0
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Activity as ActivityIcon, RefreshCw } from "lucide-react";
import { useState } from "react";

import { api, data, type Schemas } from "../../api/client";
import { Card, Empty, Failure, IconButton, Loading, More, Page } from "../../design";
import { keys_query } from "../keys/calls";
import { Filters, kAny, type Wanted } from "./filters";
import { LogTable } from "./log_table";

const kPage = 50;

// The end of a day of UTC is the beginning of the next.
const end_of_day = (day: string) => new Date(Date.parse(day) + 86_400_000).toISOString();

function useLogs({ source, level, text, until }: Wanted) {
  const query = {
    limit: kPage,
    ...(source === kAny ? {} : { source: source as Schemas["LogEntry"]["source"] }),
    ...(level === kAny ? {} : { level: level as Schemas["LogEntry"]["level"] }),
    ...(text ? { q: text } : {}),
  };
  return useInfiniteQuery({
    queryKey: ["logs", source, level, text, until],
    queryFn: ({ pageParam }) => data(api.GET("/v1/me/logs", { params: { query: { ...query, ...(pageParam ? { before: pageParam } : {}) } } })),
    initialPageParam: until ? end_of_day(until) : "",
    getNextPageParam: (last) => last.nextBefore ?? undefined,
  });
}

export function Activity() {
  const [wanted, set_wanted] = useState<Wanted>({ source: kAny, level: kAny, text: "", until: "" });
  const { data: pages, error, refetch, isRefetching, hasNextPage, fetchNextPage, isFetchingNextPage } = useLogs(wanted);
  const { data: keys = [] } = useQuery(keys_query);
  const entries = pages?.pages.flatMap((page) => page.logs) ?? [];
  return (
    <Page title="Activity" lead="Requests, jobs, deliveries and account events of the last 30 days. No entry contains anything of a drawing.">
      <Filters wanted={wanted} onChange={set_wanted}>
        <IconButton label="Refresh" disabled={isRefetching} onPress={() => void refetch()}>
          <RefreshCw />
        </IconButton>
      </Filters>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!pages && !error && <Loading />}
      {pages && (
        <Card flush>
          {entries.length > 0 ? (
            <LogTable entries={entries} keys={keys} />
          ) : (
            <Empty icon={<ActivityIcon />} title="No matching entries">
              Entries appear about a second after the event.
            </Empty>
          )}
          <More key={JSON.stringify(wanted)} label="Show older" more={hasNextPage} busy={isFetchingNextPage} onMore={() => void fetchNextPage()} />
        </Card>
      )}
    </Page>
  );
}
