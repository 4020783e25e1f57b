// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";

import { api, data } from "../../api/client";
import { Button, Choice, Dialog, Form, FormActions, useSubmission } from "../../design";
import type { Webhook } from "./calls";
import { NewSecret } from "./new_secret";

const kOverlaps = [
  { id: "0", label: "Not at all" },
  { id: "1", label: "For another hour" },
  { id: "24", label: "For another day" },
  { id: "168", label: "For another week" },
] as const;
type Overlap = (typeof kOverlaps)[number]["id"];

// Of an endpoint; without one, the account's, for URLs that are registered nowhere.
export function RotateSecret({ of, onClose }: { of?: Webhook; onClose: () => void }) {
  const [overlap, set_overlap] = useState<Overlap>("24");
  const [secret, set_secret] = useState<string>();
  const submission = useSubmission([], async () => {
    const body = { overlapHours: Number(overlap) };
    const made = await data(of ? api.POST("/v1/me/webhooks/{id}/secret", { params: { path: { id: of.id } }, body }) : api.POST("/v1/me/webhooks/secret", { body }));
    set_secret(made.secret);
  });
  if (secret)
    return (
      <Dialog title="The new secret" open onClose={onClose} keep>
        <NewSecret secret={secret} onDone={onClose} />
      </Dialog>
    );
  return (
    <Dialog title="Rotate the secret" open onClose={onClose}>
      <Form label="Rotate the secret" submission={submission}>
        <p>{of ? <>Requests to {of.url} are signed with a new secret.</> : "Requests to URLs that are no endpoints are signed with a new secret."} While the old one signs as well, receivers may verify with either.</p>
        <Choice label="The old secret keeps signing" value={overlap} onChange={set_overlap} options={kOverlaps} hint="In webhook-signature. X-CADLens-Signature is made with the new one alone." />
        <FormActions>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={submission.busy}>
            Make the new secret
          </Button>
        </FormActions>
      </Form>
    </Dialog>
  );
}
