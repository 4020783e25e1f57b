// SPDX-License-Identifier: Apache-2.0
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { SearchX, Upload } from "lucide-react";
import { type ReactNode, useCallback, useEffect } from "react";
import { useSearchParams } from "wouter";

import { Button, Card, Empty, Failure, FileButton, Loading, More, Page } from "../../design";
import { DropArea } from "./drop_area";
import { FilterBar } from "./filters";
import { FirstDrawing } from "./first_drawing";
import { type Filters, formats, is_over, job_list, type Status } from "./job_queries";
import { JobTable } from "./job_table";
import { Live } from "./live";
import { status_words } from "./status_badge";
import { UploadList } from "./upload_list";
import { useMinute } from "./use_minute";
import { useUploads } from "./use_uploads";

// Beside the uploads, which need connections, too.
const kWatched = 2;
const kPollOthers = 5_000;

function useFilters(): [Filters, (to: Partial<Filters>) => void] {
  const [params, set_params] = useSearchParams();
  const read = (name: string) => params.get(name) ?? "";
  const change = useCallback(
    (to: Partial<Filters>) =>
      set_params(
        (before) => {
          const after = new URLSearchParams(before);
          for (const [name, value] of Object.entries(to)) {
            if (value) after.set(name, value);
            else after.delete(name);
          }
          return after;
        },
        { replace: true },
      ),
    [set_params],
  );
  // A link may name a status that there is not.
  const status = read("status") in status_words ? (read("status") as Status) : "";
  return [{ q: read("q"), status, format: read("format") }, change];
}

export function Drawings() {
  const [filters, set_filters] = useFilters();
  const { uploads, list } = useUploads();
  const accept = useQuery(formats).data?.flatMap(({ extensions }) => extensions);
  const send = (files: File[]) => uploads.add(files);
  const choose = (
    <FileButton kind="primary" accept={accept} onFiles={send}>
      <Upload aria-hidden="true" />
      Upload drawings
    </FileButton>
  );
  return (
    <Page title="Drawings" lead="Drop files anywhere on this page. They are read at once and deleted automatically." actions={choose} wide>
      <DropArea onFiles={send} />
      <UploadList list={list} uploads={uploads} />
      <Jobs filters={filters} onFilters={set_filters} choose={choose} sending={list.length > 0} />
    </Page>
  );
}

function Jobs({ filters, onFilters, choose, sending }: { filters: Filters; onFilters: (to: Partial<Filters>) => void; choose: ReactNode; sending: boolean }) {
  const query = useInfiniteQuery({
    ...job_list(filters),
    refetchInterval: ({ state }) => ((state.data?.pages.flatMap(({ jobs }) => jobs).filter((job) => !is_over(job)).length ?? 0) > kWatched ? kPollOthers : false),
  });
  const jobs = query.data?.pages.flatMap((page) => page.jobs) ?? [];
  // The oldest have their turn first.
  const watched = jobs.filter((job) => !is_over(job)).slice(-kWatched);
  useMinute();

  const filtered = filters.q !== "" || filters.status !== "" || filters.format !== "";
  const retry = () => void query.refetch();
  // Each page is of as many jobs as the server looks at in one go: with filters it may be empty, and the next one not.
  const { hasNextPage, isFetching, isError, fetchNextPage } = query;
  const look_on = jobs.length === 0 && hasNextPage && !isError;
  useEffect(() => {
    if (look_on && !isFetching) void fetchNextPage();
  }, [look_on, isFetching, fetchNextPage]);
  if (jobs.length === 0 && !filtered) {
    if (isError) return <Failure error={query.error} retry={retry} />;
    if (query.isPending || look_on) return <Loading label="Looking for your drawings" />;
    return sending ? null : <FirstDrawing action={choose} />;
  }
  return (
    <>
      {watched.map(({ id }) => (
        <Live key={id} id={id} />
      ))}
      <FilterBar filters={filters} onChange={onFilters} />
      {isError && <Failure error={query.error} retry={retry} />}
      {jobs.length > 0 && (
        <Card flush>
          <JobTable jobs={jobs} />
        </Card>
      )}
      {(query.isPending || look_on) && <Loading label="Looking for your drawings" />}
      {query.isSuccess && jobs.length === 0 && !look_on && (
        <Card>
          <Empty icon={<SearchX />} title="No matching drawings" action={<Button onPress={() => onFilters({ q: "", status: "", format: "" })}>Show all drawings</Button>}>
            None of your drawings has this name, status and format.
          </Empty>
        </Card>
      )}
      {!look_on && <More key={JSON.stringify(filters)} label="Show older drawings" more={hasNextPage} busy={query.isFetchingNextPage} onMore={() => void query.fetchNextPage()} />}
    </>
  );
}
