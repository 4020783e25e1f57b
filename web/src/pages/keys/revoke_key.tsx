// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from "@tanstack/react-query";

import type { ApiKey } from "../../api/client";
import { ConfirmDialog, relative, say } from "../../design";
import { revoke } from "./calls";

export function RevokeKey({ of, onClose }: { of: ApiKey; onClose: () => void }) {
  const queries = useQueryClient();
  const act = async () => {
    await revoke(queries, of);
    say(`${of.name} is revoked.`);
  };
  return (
    <ConfirmDialog title={`Revoke ${of.name}?`} open onClose={onClose} label="Revoke the key" act={act}>
      <p>
        <code>{of.keyPrefix}…</code> is refused from its next request on. This cannot be undone. Its jobs and results stay.
      </p>
      <p>{of.lastUsedAt ? `It was last used ${relative(of.lastUsedAt)}.` : "It was never used."}</p>
    </ConfirmDialog>
  );
}
