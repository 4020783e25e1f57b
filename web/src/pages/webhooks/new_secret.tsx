// SPDX-License-Identifier: Apache-2.0
import { ShownOnce } from "../../design";

export function NewSecret({ secret, onDone }: { secret: string; onDone: () => void }) {
  return (
    <ShownOnce
      notice="This is the only time that the secret is shown. Your receiver verifies with it that a request is from here."
      values={{ Secret: secret }}
      onDone={onDone}
    />
  );
}
