// SPDX-License-Identifier: Apache-2.0
import { Button, CopyField, FormActions, Notice, Stack } from "../../design";

// The key is in this answer alone: nothing but its hash stays at the server.
export function ShownOnce({ secret, onDone }: { secret: string; onDone: () => void }) {
  return (
    <Stack>
      <Notice tone="warn">This is the only time that the key is shown. Save it where your program finds it: a lost key can only be replaced.</Notice>
      <CopyField label="The new key" value={secret} />
      <CopyField label="As the documentation's examples read it" value={`export CADLENS_API_KEY=${secret}`} />
      <FormActions>
        <Button kind="primary" onPress={onDone}>
          I have saved it
        </Button>
      </FormActions>
    </Stack>
  );
}
