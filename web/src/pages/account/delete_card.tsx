// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";
import { useLocation } from "wouter";

import { api } from "../../api/client";
import { Button, Card, Dialog, Form, FormActions, say, Stack, TextField, useSubmission } from "../../design";
import { useSession, useUser } from "../../session/session";

function DeleteDialog({ onClose }: { onClose: () => void }) {
  const user = useUser();
  const { ask } = useSession();
  const [, go] = useLocation();
  const word = user.email ?? user.id;
  const [typed, set_typed] = useState("");
  const submission = useSubmission([], async () => {
    await api.DELETE("/v1/me/account");
    say("The account is deleted, with everything in it.");
    go("/sign-in");
    await ask();
  });
  return (
    <Dialog title="Delete the account?" open onClose={onClose}>
      <Form label="Delete the account" submission={submission}>
        <p>Its keys stop working, and its drawings, results, previews, webhooks and usage are deleted. This cannot be undone.</p>
        <TextField label={`Type ${word} to go on`} autoComplete="off" value={typed} onChange={set_typed} />
        <FormActions>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="danger" type="submit" busy={submission.busy} disabled={typed.trim().toLowerCase() !== word.toLowerCase()}>
            Delete everything
          </Button>
        </FormActions>
      </Form>
    </Dialog>
  );
}

export function DeleteCard() {
  const [asking, set_asking] = useState(false);
  return (
    <Card title="Delete the account">
      <Stack>
        <p>Deletes the account with its keys, drawings, results, previews, webhooks and usage, at once and for good.</p>
        <div>
          <Button kind="danger" onPress={() => set_asking(true)}>
            Delete the account …
          </Button>
        </div>
      </Stack>
      {asking && <DeleteDialog onClose={() => set_asking(false)} />}
    </Card>
  );
}
