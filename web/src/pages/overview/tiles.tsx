// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from "react";

import type { Usage } from "../../api/client";
import { Meter } from "../../charts";
import { date_time, duration, number, utc_day } from "../../design";
import { success_rate, total } from "./usage_math";
import css from "./overview.module.css";

const kPercent = new Intl.NumberFormat("en-US", { style: "percent", maximumFractionDigits: 1 });

function Tile({ name, value, children }: { name: string; value: ReactNode; children?: ReactNode }) {
  return (
    <div className={css["tile"]}>
      <dt>{name}</dt>
      <dd>
        <span className={css["value"]}>{value}</span>
        {children}
      </dd>
    </div>
  );
}

function ThisMonth({ usage }: { usage: Usage }) {
  const { limit, used, remaining, overageCount, renewalDate, planLabel } = usage;
  return (
    <Tile name="Used this month" value={<>{number(used)} {limit !== null && <small>of {number(limit)}</small>}</>}>
      {limit !== null && <Meter label="Requests of the plan that are used" value={used} limit={limit} />}
      <span title={date_time(renewalDate)}>
        {planLabel}: {limit === null ? "no limit" : overageCount > 0 ? `${number(overageCount)} over the limit` : `${number(remaining ?? 0)} left`}; renews {utc_day(renewalDate)}
      </span>
    </Tile>
  );
}

export function Tiles({ usage, range }: { usage: Usage; range: string }) {
  const { outcomes } = usage;
  const rate = success_rate(outcomes);
  return (
    <dl className={css["tiles"]}>
      <ThisMonth usage={usage} />
      <Tile name="Requests" value={number(total(usage))}>
        <span>{range}</span>
      </Tile>
      <Tile name="Success rate" value={rate === undefined ? "—" : kPercent.format(rate)}>
        <span>{rate === undefined ? "No drawing has ended yet" : `${number(outcomes.failed)} of ${number(outcomes.completed + outcomes.failed)} failed`}</span>
      </Tile>
      <Tile name="Time to result" value={outcomes.latencyMs ? duration(outcomes.latencyMs.p50) : "—"}>
        <span>{outcomes.latencyMs ? `Median; 95% take under ${duration(outcomes.latencyMs.p95)}` : "No drawing has been read yet"}</span>
      </Tile>
    </dl>
  );
}
