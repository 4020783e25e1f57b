// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from "@tanstack/react-query";

import { ApiError, type Job, api } from "../../api/client";
import { ConfirmDialog, say } from "../../design";

export function DeleteDrawing({ job, open, onClose, onDeleted }: { job: Pick<Job, "id" | "fileName">; open: boolean; onClose: () => void; onDeleted?: () => void }) {
  const queries = useQueryClient();
  const remove = async () => {
    try {
      await api.DELETE("/v1/jobs/{id}", { params: { path: { id: job.id } } });
    } catch (error) {
      // Gone already, at its age or by another hand: that is what was wanted.
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
    }
    say(`${job.fileName} was deleted.`);
    onDeleted?.();
    queries.removeQueries({ queryKey: ["jobs", "one", job.id] });
    void queries.invalidateQueries({ queryKey: ["jobs", "list"] });
  };
  return (
    <ConfirmDialog title="Delete this drawing?" open={open} onClose={onClose} label="Delete" act={remove}>
      <p>
        <strong>{job.fileName}</strong> is deleted right away, with its result, its previews and what is left of the upload. If it is still being read, that stops. This cannot be undone.
      </p>
    </ConfirmDialog>
  );
}
