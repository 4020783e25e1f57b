// SPDX-License-Identifier: Apache-2.0
// What is shown instead of a drawing, or over it.
import { ApiError } from "../../api/client";
import { Button, Failure, LinkButton, Loading, Notice } from "../../design";
import type { ViewerState } from "../../viewer/state";
import type { Viewer } from "../../viewer/viewer";
import { type Sheet, usePreviews } from "./queries";
import css from "./view.module.css";

function Preview({ job, sheet }: { job: string; sheet: number }) {
  const { data, error, isPending, refetch } = usePreviews(job, true);
  const url = data?.imageUrls[sheet] ?? data?.imageUrl;
  return (
    <div className={css["instead"]}>
      <Notice tone="warn">This browser has no WebGL 2, which the viewer draws with: here is the preview. Nothing in it can be selected or measured.</Notice>
      {isPending && <Loading />}
      {error && <Failure error={error} retry={() => void refetch()} />}
      {data && !url && <p className={css["note"]}>The drawing has no preview.</p>}
      {url && <img className={css["preview"]} src={url} alt="Preview of the sheet" />}
    </div>
  );
}

interface Props {
  job: string;
  sheet: number;
  sheets: Sheet[];
  onSheet: (sheet: number) => void;
  viewer: Viewer | undefined;
  state: ViewerState;
}

function EmptySheet({ sheet, sheets, onSheet }: Pick<Props, "sheet" | "sheets" | "onSheet">) {
  const other = sheets.find(({ number, entities }) => entities > 0 && number !== sheet);
  return (
    <div className={css["instead"]}>
      <Notice>Nothing is drawn on this sheet.</Notice>
      {other && <Button onPress={() => onSheet(other.number)}>Open {other.name}</Button>}
    </div>
  );
}

export function Troubles({ job, sheet, sheets, onSheet, viewer, state }: Props) {
  const { phase, failure, scene } = state;
  if (phase === "no_webgl") return <Preview job={job} sheet={sheet} />;
  if (phase === "lost")
    return (
      <div className={css["instead"]}>
        <Notice tone="warn">The browser has taken back the graphics memory. The drawing comes back as soon as it is given again.</Notice>
      </div>
    );
  // A sheet that draws nothing has no scene.
  if (failure?.status === 404 && sheets.some(({ number }) => number === sheet)) return <EmptySheet sheet={sheet} sheets={sheets} onSheet={onSheet} />;
  if (failure) {
    const error = new ApiError(failure.status, failure.code, failure.message, failure.requestId);
    return (
      <div className={failure.fatal ? css["instead"] : css["over"]}>
        <Failure error={error} retry={() => viewer?.retry()} />
        {failure.fatal && <LinkButton href={`/drawings/${job}`}>The drawing&apos;s page</LinkButton>}
      </div>
    );
  }
  if (phase === "loading")
    return (
      <div className={css["over"]}>
        <Loading label="Opening the drawing" />
      </div>
    );
  if (!scene?.view) return <EmptySheet sheet={sheet} sheets={sheets} onSheet={onSheet} />;
  return null;
}
