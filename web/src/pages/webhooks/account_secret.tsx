// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";

import { api, data } from "../../api/client";
import { Button, Card, CopyField, Failure, Stack } from "../../design";
import { RotateSecret } from "./rotate_secret";

// It is fetched when it is asked for, and kept no longer than it is shown.
export function AccountSecret() {
  const [secret, set_secret] = useState<string>();
  const [busy, set_busy] = useState(false);
  const [error, set_error] = useState<unknown>();
  const [rotating, set_rotating] = useState(false);
  const show = async () => {
    set_busy(true);
    set_error(undefined);
    try {
      set_secret((await data(api.GET("/v1/me/webhooks/secret"))).secret);
    } catch (thrown) {
      set_error(thrown);
    } finally {
      set_busy(false);
    }
  };
  return (
    <Card title="The account's secret">
      <Stack>
        <p>It signs what is sent to the webhookUrl of a job when that URL is none of the endpoints above. Endpoints have secrets of their own.</p>
        {secret && <CopyField label="The account's secret" value={secret} />}
        {error !== undefined && <Failure error={error} />}
        <Stack row gap={2}>
          {secret ? (
            <Button onPress={() => set_secret(undefined)}>Hide it</Button>
          ) : (
            <Button busy={busy} onPress={() => void show()}>
              Show it
            </Button>
          )}
          <Button onPress={() => set_rotating(true)}>Rotate it …</Button>
        </Stack>
      </Stack>
      {rotating && (
        <RotateSecret
          onClose={() => {
            set_rotating(false);
            set_secret(undefined);
          }}
        />
      )}
    </Card>
  );
}
