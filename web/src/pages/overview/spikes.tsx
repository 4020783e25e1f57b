// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";

import type { ApiKey, Usage } from "../../api/client";
import { Button, day, LinkButton, Notice, number, Stack } from "../../design";
import { state_of, works } from "../keys/key_state";
import { RotateKey } from "../keys/rotate_key";

// What can still be done about a key.
function Remedy({ of, onRotate }: { of: ApiKey; onRotate: () => void }) {
  if (!works(state_of(of, Date.now()))) return <span>The key no longer works.</span>;
  if (of.replacedBy)
    return (
      <LinkButton small href="/keys">
        See its rotation
      </LinkButton>
    );
  return (
    <Button small onPress={onRotate}>
      Rotate the key
    </Button>
  );
}

// Days on which a key was used far more than it ever is.
export function Spikes({ usage, keys }: { usage: Usage; keys: readonly ApiKey[] }) {
  const [rotating, set_rotating] = useState<ApiKey>();
  if (usage.spikes.length === 0) return null;
  return (
    <Stack gap={2}>
      {usage.spikes.map((spike) => {
        const key = keys.find(({ id }) => id === spike.keyId);
        const used = usage.byKey.find(({ keyId }) => keyId === spike.keyId);
        return (
          <Notice key={spike.keyId + spike.day} tone="warn">
            <Stack row gap={3}>
              <span>
                <strong>Has a key leaked?</strong> {used?.name ?? "A key"} {used?.keyPrefix && <code>({used.keyPrefix}…)</code>} was used {number(spike.requests)} times on {day(`${spike.day}T12:00:00`)}. Its usual day has {number(spike.usual)}.
              </span>
              {key && <Remedy of={key} onRotate={() => set_rotating(key)} />}
            </Stack>
          </Notice>
        );
      })}
      {rotating && <RotateKey of={rotating} leaked onClose={() => set_rotating(undefined)} />}
    </Stack>
  );
}
