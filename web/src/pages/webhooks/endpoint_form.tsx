// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { api, data } from "../../api/client";
import { Button, Checkbox, Dialog, Form, FormActions, TextField, useSubmission } from "../../design";
import { change, type Webhook, webhooks_query } from "./calls";
import { NewSecret } from "./new_secret";

const kUrlHint = "An https address that takes POST requests, at most 512 characters.";

export function AddEndpoint({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const [url, set_url] = useState("");
  const [as_default, set_as_default] = useState(true);
  const [secret, set_secret] = useState<string>();
  const submission = useSubmission(["url"], async () => {
    const made = await data(api.POST("/v1/me/webhooks", { body: { url: url.trim(), setAsDefault: as_default } }));
    set_secret(made.secret);
    await queries.invalidateQueries({ queryKey: webhooks_query.queryKey });
  });
  return (
    <Dialog title={secret ? "The endpoint's secret" : "Add an endpoint"} open onClose={onClose} keep={secret !== undefined}>
      {secret ? (
        <NewSecret secret={secret} onDone={onClose} />
      ) : (
        <Form label="Add an endpoint" submission={submission}>
          <TextField label="URL" type="url" required autoFocus maxLength={512} value={url} onChange={set_url} errors={submission.errors["url"]} placeholder="https://example.com/cadlens" hint={kUrlHint} />
          <Checkbox value={as_default} onChange={set_as_default}>
            Default: gets the events of every job without a webhookUrl
          </Checkbox>
          <FormActions>
            <Button onPress={onClose}>Cancel</Button>
            <Button kind="primary" type="submit" busy={submission.busy} disabled={url.trim() === ""}>
              Add the endpoint
            </Button>
          </FormActions>
        </Form>
      )}
    </Dialog>
  );
}

export function ChangeUrl({ of, onClose }: { of: Webhook; onClose: () => void }) {
  const queries = useQueryClient();
  const [url, set_url] = useState(of.url);
  const submission = useSubmission(["url"], async () => {
    await change(of.id, { url: url.trim() });
    await queries.invalidateQueries({ queryKey: webhooks_query.queryKey });
    onClose();
  });
  return (
    <Dialog title="Change the URL" open onClose={onClose}>
      <Form label="Change the URL" submission={submission}>
        <TextField label="URL" type="url" required autoFocus maxLength={512} value={url} onChange={set_url} errors={submission.errors["url"]} hint={`${kUrlHint} The secret stays.`} />
        <FormActions>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={submission.busy} disabled={url.trim() === ""}>
            Save
          </Button>
        </FormActions>
      </Form>
    </Dialog>
  );
}
