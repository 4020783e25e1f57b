// SPDX-License-Identifier: Apache-2.0
import "uplot/dist/uPlot.min.css";

import { useEffect, useRef, useState } from "react";
import uPlot from "uplot";

import { Button, number, Table } from "../design";
import css from "./day_chart.module.css";
import { heights, type Series } from "./stack";

const kHeight = 220;
const kHalfDay = 43_200;
// More are no steps of a count.
const kSteps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6];
const kDayName = new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeZone: "UTC" });

const day_name = (day: string) => kDayName.format(new Date(day));
const seconds = (day: string) => Date.parse(day) / 1000;

function options(width: number, series: readonly Series[], on_day: (at: number | null) => void): uPlot.Options {
  const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const axis: uPlot.Axis = {
    stroke: token("--text-soft"),
    font: `12px ${token("--font")}`,
    grid: { stroke: token("--line"), width: 1 },
    ticks: { show: false },
  };
  const bars = uPlot.paths.bars!({ size: [0.75, 44], radius: 0.12 });
  return {
    width,
    height: kHeight,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    tzDate: (at) => uPlot.tzDate(new Date(at * 1000), "Etc/UTC"),
    scales: {
      x: { time: true, range: (_, first, last) => [first - kHalfDay, last + kHalfDay] },
      y: { range: (_, __, most) => [0, Math.max(4, most * 1.05)] },
    },
    axes: [
      { ...axis, size: 28, grid: { show: false }, incrs: [86_400, 2 * 86_400, 7 * 86_400, 14 * 86_400, 28 * 86_400, 61 * 86_400], values: (_, at) => at.map((time) => day_name(new Date(time * 1000).toISOString()).replace(/, \d+$/, "")) },
      { ...axis, size: 44, incrs: kSteps, values: (_, at) => at.map(number) },
    ],
    series: [{}, ...series.toReversed().map(({ color }) => ({ fill: token(color), width: 0, paths: bars, points: { show: false } }))],
    hooks: { setCursor: [(plot) => on_day(plot.cursor.idx ?? null)] },
  };
}

function Canvas({ days, series, on_day }: { days: readonly string[]; series: readonly Series[]; on_day: (at: number | null) => void }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current!;
    let plot: uPlot | undefined;
    const draw = () => {
      plot?.destroy();
      const data: uPlot.AlignedData = [days.map(seconds), ...heights(series).reverse()];
      plot = new uPlot(options(element.clientWidth, series, on_day), data, element);
    };
    const sizes = new ResizeObserver(() => plot?.setSize({ width: element.clientWidth, height: kHeight }));
    draw();
    sizes.observe(element);
    window.addEventListener("cadlens-theme", draw);
    return () => {
      window.removeEventListener("cadlens-theme", draw);
      sizes.disconnect();
      plot?.destroy();
    };
  }, [days, series, on_day]);
  // What it shows is in the table, too.
  return <div ref={place} className={css["canvas"]} aria-hidden="true" />;
}

// Counts by day, stacked. Days are of UTC, as the API counts them.
export function DayChart({ label, days, series }: { label: string; days: readonly string[]; series: readonly Series[] }) {
  const [at, set_at] = useState<number | null>(null);
  const [as_table, set_as_table] = useState(false);
  const shown = at !== null && at < days.length ? at : null;
  return (
    <figure className={css["figure"]} aria-label={label}>
      {as_table ? (
        <div className={css["table"]} tabIndex={0} role="region" aria-label={`${label}, as a table`}>
          <Table
            label={label}
            columns={[{ name: "Day", lead: true, cell: (row: number) => day_name(days[row]!) }, ...series.map(({ name, values }) => ({ name, number: true, cell: (row: number) => number(values[row]!) }))]}
            rows={days.map((_, row) => row).filter((row) => series.some(({ values }) => values[row]! > 0))}
            id={String}
          />
        </div>
      ) : (
        <Canvas days={days} series={series} on_day={set_at} />
      )}
      <figcaption className={css["caption"]}>
        <ul className={css["legend"]}>
          {series.map(({ name, color, values }) => (
            <li key={name}>
              <span className={css["swatch"]} style={{ background: `var(${color})` }} aria-hidden="true" />
              {name}
              {shown !== null && <strong>{number(values[shown]!)}</strong>}
            </li>
          ))}
          {shown !== null && <li className={css["day"]}>{day_name(days[shown]!)}</li>}
        </ul>
        <Button kind="quiet" small onPress={() => set_as_table(!as_table)}>
          {as_table ? "Show as a chart" : "Show as a table"}
        </Button>
      </figcaption>
    </figure>
  );
}
