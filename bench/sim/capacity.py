# SPDX-License-Identifier: Apache-2.0
"""The arithmetic: utilization of every resource by the utilization law (rate times demand, over what there is)."""

import math

DAY = 86_400


def one_node(need, rules):
    """An embedded service on one node: its own work and its workers' share the cores; no database beside it."""
    cores, target = rules["node"]["cores"], rules["node"]["target_utilization"]
    each = (need["worker_ms"] + need["api_ms"]) / 1000
    # An object is flushed with its folder (blobs/local_store.cpp), a transaction once (synchronous=FULL).
    flushes = 2 * (1 + need["objects"]) + need["commits"]
    return {"flushes_per_job": round(flushes, 1), "jobs_per_s_of_1_ms_flushes": round(1000 / flushes, 1), "cpu_ms_per_job": round(each * 1000, 1), "cores": cores, "jobs_per_s_at_target": round(target * cores / each, 1),
            "jobs_per_s_at_most": round(cores / each, 1), "jobs_per_day_at_target": round(target * cores / each * DAY)}


def resources(rate, need, rules, worker_nodes, api_nodes):
    """Each: what is asked, what there is, in the resource's own unit, and the part of it that one may plan with."""
    node, database, store, redis = (rules[name] for name in ("node", "database", "object_store", "redis"))
    target = node["target_utilization"]
    gbit = 8 / 1e9
    return {
        "worker nodes: processors": (rate * need["worker_ms"] / 1000, worker_nodes * node["cores"], target, "cores"),
        "API nodes: processors": (rate * need["api_ms"] / 1000, api_nodes * node["cores"], target, "cores"),
        "worker nodes: network": (rate * need["worker_network_bytes"] * gbit, worker_nodes * node["network_gbit"], target, "Gbit/s"),
        "API nodes: network": (rate * need["api_network_bytes"] * gbit, api_nodes * node["network_gbit"], target, "Gbit/s"),
        "database: processors": (rate * need["database_ms"] / 1000, database["cores"], target, "cores"),
        "database: log": (rate * need["wal_bytes"] / 1e6, database["wal_mb_per_s"], target, "MB/s"),
        "Redis: its one thread": (rate * need["redis_ms"] / 1000, 1, redis["target_utilization"], "cores"),
        "object store: PUT, DELETE": (rate * (need["store_puts"] + need["store_deletes"]),
                                      store["put_per_s_per_prefix"] * store["prefixes"], 1.0, "/s"),
        "object store: GET": (rate * need["store_gets"], store["get_per_s_per_prefix"] * store["prefixes"], 1.0, "/s"),
    }


def utilizations(rate, need, rules, worker_nodes, api_nodes):
    rows = {}
    for name, (asked, there, plan, unit) in resources(rate, need, rules, worker_nodes, api_nodes).items():
        rows[name] = {"asked": round(asked, 2), "there": there, "unit": unit, "utilization": round(asked / there, 3),
                      "of_plan": round(asked / there / plan, 3)}
    return rows


def shares(need, rules):
    """Nodes that one job a second keeps at their target: workers, API nodes; by processors or network, whichever is more."""
    node = rules["node"]
    target, gbit = node["target_utilization"], 8 / 1e9
    return [max(need[f"{kind}_ms"] / 1000 / (node["cores"] * target), need[f"{kind}_network_bytes"] * gbit / (node["network_gbit"] * target))
            for kind in ("worker", "api")]


def split(nodes, need, rules):
    """The split that carries most."""
    worker, api = shares(need, rules)
    apis = max(range(1, nodes), key=lambda count: min((nodes - count) / worker, count / api))
    return nodes - apis, apis


def cluster(nodes, need, rules):
    """What so many nodes could compute at their target, and what that asks of all else."""
    workers, apis = split(nodes, need, rules)
    worker, api = shares(need, rules)
    rate = min(workers / worker, apis / api)
    rows = utilizations(rate, need, rules, workers, apis)
    held = {name: row["of_plan"] for name, row in rows.items() if not name.split(":")[0].endswith("nodes")}
    first = max(held, key=held.get)
    return {"nodes": nodes, "worker_nodes": workers, "api_nodes": apis, "jobs_per_s": round(rate, 1),
            "jobs_per_day": round(rate * DAY), "resources": rows, "first_shared": first, "first_shared_of_plan": held[first],
            "jobs_per_s_with_it": round(rate / max(1.0, held[first]), 1)}


def ceilings(need, rules):
    """Jobs a second at which each thing that does not grow with the nodes is at its planned part."""
    rows = resources(1.0, need, rules, 1, 1)
    return {name: round(plan * there / asked, 1) for name, (asked, there, plan, _) in rows.items()
            if not name.split(":")[0].endswith("nodes")}


def per_day(jobs, need, rules, bytes_per_row):
    mean = jobs / DAY
    peak = mean * rules["day"]["peak_to_mean"]
    workers, apis = (math.ceil(peak * share) for share in shares(need, rules))
    rows = utilizations(peak, need, rules, workers, apis)
    limits = ceilings(need, rules)
    days = rules["retention_days"]
    return {"jobs_per_day": jobs, "mean_per_s": round(mean), "peak_per_s": round(peak), "worker_nodes": workers,
            "api_nodes": apis, "resources": rows,
            "cells_by": {name: max(1, math.ceil(peak / limit)) for name, limit in limits.items()},
            "objects_kept": round(jobs * days * need["objects"]), "terabytes_kept": round(jobs * days * need["stored_bytes"] / 1e12, 1),
            "terabytes_uploaded_per_day": round(jobs * need["upload_bytes"] / 1e12, 1),
            "rows_per_day": {name: round(jobs * count) for name, count in need["rows"].items()},
            "terabytes_of_rows": {name: round(jobs * count * bytes_per_row[name] * rules["rows_kept_days"][name] / 1e12, 2)
                                  for name, count in need["rows"].items()},
            "rows_deleted_per_s": round(mean * sum(need["rows"].values())),
            "transactions_per_s": round(peak * need["commits"]), "redis_scripts_per_s": round(peak * need["redis_scripts"]),
            "wal_mb_per_s": round(peak * need["wal_bytes"] / 1e6, 1)}


def remedies(need, database, rules):
    """Processor time of the database for a job, and what each remedy takes off it."""
    cpu, clients = database["cpu_ms"], rules["clients"]
    whole = need["database_ms"]
    off = {
        "status polls answered by a replica or a cache": clients["polls"] * cpu["poll"],
        "the list of parts in one row of the job, not a row each": max(0.0, need["objects"] - 1) * cpu["part"],
        "deliveries in a database of their own": clients["webhook_share"] * cpu["webhook"],
        "the feed in a store for logs": (4 + clients["polls"] + 2 * clients["webhook_share"]) * cpu["feed_row"],
    }
    return {"whole_ms": round(whole, 3), "off_ms": {name: round(ms, 3) for name, ms in off.items()},
            "left_ms": round(whole - sum(off.values()), 3)}
