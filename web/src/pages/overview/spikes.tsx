// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";

import type { Usage } from "../../api/client";
import { Button, day, Notice, number, Stack } from "../../design";
import { RotateKey } from "../keys/rotate_key";

type Spike = Usage["spikes"][number];

// Days on which a key was used far more than it ever is.
export function Spikes({ usage }: { usage: Usage }) {
  const [rotating, set_rotating] = useState<Usage["byKey"][number]>();
  const key_of = (spike: Spike) => usage.byKey.find((key) => key.keyId === spike.keyId);
  if (usage.spikes.length === 0) return null;
  return (
    <Stack gap={2}>
      {usage.spikes.map((spike) => {
        const key = key_of(spike);
        return (
          <Notice key={spike.keyId + spike.day} tone="warn">
            <Stack row gap={3}>
              <span>
                <strong>Is a key leaked?</strong> {key ? <>{key.name} (<code>{key.keyPrefix}…</code>)</> : "A key"} was used {number(spike.requests)} times on {day(`${spike.day}T12:00:00`)}. Its usual day has {number(spike.usual)}.
              </span>
              {key && (
                <Button small onPress={() => set_rotating(key)}>
                  Rotate the key
                </Button>
              )}
            </Stack>
          </Notice>
        );
      })}
      {rotating && <RotateKey of={{ ...rotating, id: rotating.keyId }} leaked onClose={() => set_rotating(undefined)} />}
    </Stack>
  );
}
