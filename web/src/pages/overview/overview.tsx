// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useMemo, useState } from "react";
import { Link } from "wouter";

import { type Usage, api, data } from "../../api/client";
import { DayChart, days_between, save_csv } from "../../charts";
import { Card, Choice, Failure, Loading, Menu, Notice, Page } from "../../design";
import { useUser } from "../../session/session";
import { keys_query } from "../keys/calls";
import { ByFormat, ByKey } from "./breakdown";
import { FirstSteps } from "./first_steps";
import css from "./overview.module.css";
import { kRanges, type Range, range_of, type RangeId } from "./range";
import { Spikes } from "./spikes";
import { Tiles } from "./tiles";
import { days_table, keys_table, series_by_end, series_by_format, total } from "./usage_math";

const kAllKeys = "all";

function useUsage({ from, to }: Range, key: string) {
  return useQuery({
    queryKey: ["usage", from, to, key],
    queryFn: async () => (await data(api.GET("/v1/me/usage", { params: { query: { from, to, ...(key === kAllKeys ? {} : { keyId: key }) } } }))) as unknown as Usage,
    placeholderData: keepPreviousData,
  });
}

function Charts({ usage, range }: { usage: Usage; range: Range }) {
  const days = useMemo(() => days_between(range.from, range.to), [range.from, range.to]);
  const formats = useMemo(() => series_by_format(usage, days), [usage, days]);
  const ends = useMemo(() => series_by_end(usage, days), [usage, days]);
  return (
    <>
      <Card title="Requests by day">
        <DayChart label="Requests by day and format" days={days} series={formats} />
      </Card>
      <Card title="Outcomes by day">
        <DayChart label="Completed and failed jobs by day" days={days} series={ends} />
      </Card>
      <div className={css["halves"]}>
        <ByKey usage={usage} />
        <ByFormat usage={usage} />
      </div>
    </>
  );
}

export function Overview() {
  const user = useUser();
  const [range_id, set_range_id] = useState<RangeId>("30");
  const [key, set_key] = useState(kAllKeys);
  const { data: keys = [] } = useQuery(keys_query);
  const { from, to } = range_of(range_id, Date.now());
  const range = { from, to };
  const { data: usage, error, refetch } = useUsage(range, key);
  const label = kRanges.find(({ id }) => id === range_id)!.label;
  const save = (what: string, rows: (string | number)[][]) => save_csv(`cadlens-${what}-${from}-${to}.csv`, rows);
  const actions = (
    <div className={css["controls"]}>
      <Choice bare label="Key" value={key} onChange={set_key} options={[{ id: kAllKeys, label: "All keys" }, ...keys.map(({ id, name, keyPrefix }) => ({ id, label: `${name} (${keyPrefix}…)` }))]} />
      <Choice bare label="Days" value={range_id} onChange={set_range_id} options={kRanges} />
      {usage && (
        <Menu
          label="Export"
          trigger={
            <>
              <Download aria-hidden="true" /> CSV
            </>
          }
          actions={[
            { id: "days", label: "Days as CSV", act: () => save("days", days_table(usage, range)) },
            { id: "keys", label: "Keys as CSV", act: () => save("keys", keys_table(usage)) },
          ]}
        />
      )}
    </div>
  );
  return (
    <Page title="Overview" lead="Requests, results and limits of your account. Days and months are in UTC." actions={actions}>
      {user.email === null && (
        <Notice tone="warn">
          The link that signed you in works once. <Link href="/account">Choose an address and a password</Link> to come back with.
        </Notice>
      )}
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!usage && !error && <Loading />}
      {usage && (
        <>
          <Spikes usage={usage} keys={keys} />
          <Tiles usage={usage} range={label} />
          {total(usage) > 0 ? <Charts usage={usage} range={range} /> : <FirstSteps />}
        </>
      )}
    </Page>
  );
}
