// SPDX-License-Identifier: Apache-2.0
import { ShownOnce } from "../../design";

export function NewKey({ secret, onDone }: { secret: string; onDone: () => void }) {
  return (
    <ShownOnce
      notice="This is the only time that the key is shown. Save it where your program finds it: a lost key can only be replaced."
      values={{ "The new key": secret, "As the documentation's examples read it": `export CADLENS_API_KEY=${secret}` }}
      onDone={onDone}
    />
  );
}
