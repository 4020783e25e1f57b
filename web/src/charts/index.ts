// SPDX-License-Identifier: Apache-2.0
export { save_csv } from "./csv";
export { DayChart } from "./day_chart";
export { Meter, ShareBar } from "./meter";
export { days_between, type Series } from "./stack";
