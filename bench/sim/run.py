#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Capacity on paper: the arithmetic and the simulation, from what has been measured and what is assumed.

usage: bench/sim/run.py [--docs]     --docs: only write the tables of docs/scaling.md anew from the .json files

Reads costs.json (bench/job_costs.py), database.json (database_costs.py), redis.json (redis_costs.py) and
assumptions.json; writes results.json and the tables of docs/scaling.md. Less than a minute.
"""
import argparse
import json
import pathlib
import time

import capacity
import model
import scenarios
import tables

HERE = pathlib.Path(__file__).resolve().parent
DOCUMENT = HERE.parents[1] / "docs/scaling.md"


def read_inputs():
    inputs = {name: model.load(f"{name}.json") for name in ("costs", "database", "redis", "assumptions")}
    inputs["drawings"] = model.Drawings(inputs["costs"], inputs["assumptions"])
    return inputs


def compute(inputs):
    rules = inputs["assumptions"]
    need = model.demands(inputs["costs"], inputs["database"], inputs["redis"], rules, inputs["drawings"])
    whole = all("service_cpu_ms" in cell for classes in inputs["costs"]["jobs"].get("no_preview", {}).values() for cell in classes.values())
    bare = model.Drawings(inputs["costs"], rules, "no_preview") if whole and "no_preview" in inputs["costs"]["jobs"] else None
    results = {"need": {k: round(v, 4) if isinstance(v, float) else v for k, v in need.items()},
               "replaced_classes": inputs["drawings"].replaced,
               "one_node": capacity.one_node(need, rules),
               "clusters": [capacity.cluster(nodes, need, rules) for nodes in (10, 100, 1000)],
               "ceilings_per_s": capacity.ceilings(need, rules), "hundred_million": capacity.per_day(10 ** 8, need, rules, inputs["database"]["bytes_per_row"]),
               "remedies": capacity.remedies(need, inputs["database"], rules), "simulated": {}}
    if bare:
        less = model.demands(inputs["costs"], inputs["database"], inputs["redis"], rules, bare)
        results["one_node_without_preview"] = capacity.one_node(less, rules)
    for name, scenario in scenarios.ALL.items():
        began = time.monotonic()
        results["simulated"][name] = scenario(inputs)
        print(f"{name}: {time.monotonic() - began:.1f} s", flush=True)
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--docs", action="store_true")
    options = parser.parse_args()
    if not options.docs:
        (HERE / "results.json").write_text(json.dumps(compute(read_inputs()), indent=1) + "\n")
    DOCUMENT.write_text(tables.fill(DOCUMENT.read_text()))


if __name__ == "__main__":
    main()
