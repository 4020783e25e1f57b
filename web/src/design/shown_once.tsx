// SPDX-License-Identifier: Apache-2.0
import { Button } from "./button";
import { CopyField } from "./copy_field";
import { FormActions } from "./form";
import { Stack } from "./layout";
import { Notice } from "./states";

// A secret that is in one answer alone. `values`: what to take along, by label.
export function ShownOnce({ notice, values, onDone }: { notice: string; values: Record<string, string>; onDone: () => void }) {
  return (
    <Stack>
      <Notice tone="warn">{notice}</Notice>
      {Object.entries(values).map(([label, value]) => (
        <CopyField key={label} label={label} value={value} />
      ))}
      <FormActions>
        <Button kind="primary" onPress={onDone}>
          I have saved it
        </Button>
      </FormActions>
    </Stack>
  );
}
