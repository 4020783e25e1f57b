// SPDX-License-Identifier: Apache-2.0
import css from "./meter.module.css";

// How much of a limit is used.
export function Meter({ label, value, limit }: { label: string; value: number; limit: number }) {
  const share = limit > 0 ? Math.min(1, value / limit) : 1;
  const tone = share >= 1 ? css["full"] : share >= 0.8 ? css["near"] : "";
  return (
    <div className={css["meter"]} role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={limit} aria-valuenow={Math.min(value, limit)}>
      <div className={`${css["used"]} ${tone}`} style={{ width: `${100 * share}%` }} />
    </div>
  );
}

// A number with a bar as long as its share of the largest.
export function ShareBar({ share, children }: { share: number; children: string }) {
  return (
    <span className={css["share"]}>
      <span className={css["bar"]} aria-hidden="true">
        <span style={{ width: `${100 * share}%` }} />
      </span>
      <span className={css["count"]}>{children}</span>
    </span>
  );
}
