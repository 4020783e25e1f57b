// SPDX-License-Identifier: Apache-2.0
import { ProgressBar } from "react-aria-components";

import css from "./progress.module.css";

// `value` from 0 to 100; without one it is not known how far it is.
export function Progress({ label, value }: { label: string; value?: number | undefined }) {
  return (
    <ProgressBar aria-label={label} isIndeterminate={value === undefined} value={value ?? 0} className={css["track"]!}>
      <span className={`${css["bar"]} ${value === undefined ? css["unknown"] : ""}`} style={{ width: value === undefined ? undefined : `${value}%` }} />
    </ProgressBar>
  );
}
