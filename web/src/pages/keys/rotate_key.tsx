// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { api, data } from "../../api/client";
import { Button, Choice, Dialog, Form, FormActions, Notice, Stack, useSubmission } from "../../design";
import { refresh_keys } from "./calls";
import { NewKey } from "./new_key";

const kOverlaps = [
  { id: "0", label: "Ends at once" },
  { id: "1", label: "Works for another hour" },
  { id: "24", label: "Works for another day" },
  { id: "168", label: "Works for another week" },
  { id: "open", label: "Works until I revoke it" },
] as const;
type Overlap = (typeof kOverlaps)[number]["id"];

// `leaked`: somebody else may have the key, so no overlap is offered first.
export function RotateKey({ of, leaked = false, onClose }: { of: { id: string; name: string; keyPrefix: string }; leaked?: boolean; onClose: () => void }) {
  const queries = useQueryClient();
  const [overlap, set_overlap] = useState<Overlap>(leaked ? "0" : "24");
  const [secret, set_secret] = useState<string>();
  const submission = useSubmission([], async () => {
    const made = await data(
      api.POST("/v1/keys/{id}/rotate", {
        params: { path: { id: of.id } },
        body: overlap === "open" ? {} : { overlapHours: Number(overlap) },
      }),
    );
    set_secret(made.key);
    await refresh_keys(queries);
  });
  if (secret)
    return (
      <Dialog title={`The new key of ${of.name}`} open onClose={onClose} keep>
        <NewKey secret={secret} onDone={onClose} />
      </Dialog>
    );
  return (
    <Dialog title={`Rotate ${of.name}`} open onClose={onClose}>
      <Form label="Rotate the key" submission={submission}>
        <Stack gap={3}>
          <p>
            A new key takes the place of <code>{of.keyPrefix}…</code>, with its name, label, scopes and networks, and sees its jobs. While both work, your programs can change over one by one.
          </p>
          {leaked && <Notice tone="warn">If somebody else has the key, end it at once. Programs that use it are refused until they have the new one.</Notice>}
        </Stack>
        <Choice label="The old key" value={overlap} onChange={set_overlap} options={kOverlaps} />
        <FormActions>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={submission.busy}>
            Make the new key
          </Button>
        </FormActions>
      </Form>
    </Dialog>
  );
}
