// SPDX-License-Identifier: Apache-2.0
import { Button, CopyField, FormActions, Notice, Stack } from "../../design";

export function NewSecret({ secret, onDone }: { secret: string; onDone: () => void }) {
  return (
    <Stack>
      <Notice tone="warn">This is the only time that the secret is shown. Your receiver verifies with it that a request is from here.</Notice>
      <CopyField label="Secret" value={secret} />
      <FormActions>
        <Button kind="primary" onPress={onDone}>
          I have saved it
        </Button>
      </FormActions>
    </Stack>
  );
}
