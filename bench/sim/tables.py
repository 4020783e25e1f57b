# SPDX-License-Identifier: Apache-2.0
"""The tables of docs/scaling.md, made of the .json files here; each stands between <!-- table: NAME --> and
<!-- end -->, so that no number is copied by hand."""
import re

import model


def size(count):
    for unit, factor in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("KB", 1e3)):
        if count >= factor:
            return f"{number(count / factor)} {unit}"
    return f"{count:.0f} B"


def number(value):
    if isinstance(value, str):
        return value
    if value == 0:
        return "0"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(number(cell) for cell in row) + " |" for row in rows])


def jobs(preview):
    costs = model.load("costs.json")
    rows = []
    for form, classes in costs["jobs"].get(preview, {}).items():
        for name, cell in classes.items():
            both = lambda key, one=lambda x: number(x): f"{one(cell[key]['median'])} / {one(cell[key]['p90'])} / {one(cell[key]['p99'])}"  # noqa: E731
            rows.append([form, name, cell["drawings"], both("worker_cpu_ms"), number(cell["worker_cpu_ms"]["mean"]), both("service_cpu_ms"),
                         both("peak_mb"), f"{size(cell['upload_bytes']['median'])}", f"{size(cell['stored_bytes']['median'])}", cell["objects"]["median"]])
    return table(["format", "class", "drawings", "worker, ms", "mean", "service, ms", "worker's peak, MB", "upload", "stored", "objects"], rows)


def jobs_without_preview():
    table_of = model.load("costs.json")["jobs"]
    rows = []
    for form, classes in table_of.get("no_preview", {}).items():
        for name, cell in classes.items():
            both = lambda key: f"{number(cell[key]['median'])} / {number(cell[key]['p90'])} / {number(cell[key]['p99'])}"  # noqa: E731
            beside = table_of["preview"].get(form, {}).get(name)
            rows.append([form, name, cell["drawings"], both("worker_cpu_ms"), cell["worker_cpu_ms"]["mean"], both("peak_mb"),
                         f"{(1 - cell['worker_cpu_ms']['median'] / beside['worker_cpu_ms']['median']) * 100:.0f} %" if beside else ""])
    return table(["format", "class", "drawings", "worker, ms", "mean", "worker's peak, MB", "less than with previews"], rows)


def sheet():
    sheets = model.load("costs.json")["sheet_of_50_kb"]
    return table(["", "worker, ms", "service, ms", "together", "worker's peak, MB", "stored", "objects"],
                 [[{"preview": "with its preview (2048 pixels)", "no_preview": "without"}[name], cell["worker_cpu_ms"], cell["service_cpu_ms"],
                   cell["worker_cpu_ms"] + cell["service_cpu_ms"], cell["peak_mb"], size(cell["stored_bytes"]), cell["objects"]]
                  for name, cell in sheets.items()])


def requests():
    costs = model.load("costs.json")
    rows = [[f"`POST /v1/parse`, {name}", ms, costs["tls"]["post_ms"][name], ""] for name, ms in costs["post_ms"].items()]
    names = {"health": "`GET /health`", "job": "`GET /v1/jobs/{id}`", "jobs_20": "`GET /v1/jobs?limit=20`", "result_small": "`GET .../result`",
             "result_big": "`GET .../result`, a large one", "image_urls": "`GET .../image`", "preview": "a preview"}
    rows += [[text, costs["requests"][name]["cpu_ms"], "", size(costs["requests"][name]["bytes"])] for name, text in names.items()]
    rows.append(["a new TLS connection (handshake, ECDSA P-256)", "", costs["tls"]["handshake_ms"], ""])
    rows.append(["a service that nobody asks anything, in a second", costs["requests"]["idle_ms_per_s"], "", ""])
    return table(["request", "ms", "over TLS", "answer"], rows)


def measured():
    seen = model.load("costs.json")["measured"]
    counts = "; ".join(f"{text}: {seen[name]['drawings']} drawings ({seen[name]['not_accepted']} files not accepted, {seen[name]['failed']} failed)"
                       for name, text in (("preview", "with previews"), ("no_preview", "without")) if name in seen)
    return (f"Measured on {seen['day']}: {seen['processors']} processors ({seen['processor']}), load average "
            f"{seen['load_average'][0]} at the beginning, each drawing {seen['repeats']} times; {counts}. {seen.get('note', '')}").strip()


def database():
    seen = model.load("database.json")
    names = {"plain": f"a job: submit, claim, complete with {seen['parts']} parts, result, 4 entries of the feed", "one_client": "the same, one job at a time",
             "with_10_polls": "and 10 status polls", "with_4_renewals": "and 4 renewals of the lease", "with_20_more_parts": "and 20 parts more",
             "with_20_more_feed_rows": "and 20 entries of the feed more", "with_webhook": "and a webhook (2 events, 2 deliveries)"}
    return table(["PostgreSQL " + seen["version"], "processor, ms", "log", "transactions", "flushes"],
                 [[text, seen[name]["cpu_ms"], size(seen[name]["wal_bytes"]), seen[name]["transactions"], seen[name]["flushes"]] for name, text in names.items()])


def redis():
    seen = model.load("redis.json")
    return table(["Redis " + seen["version"], ""],
                 [["a job's three scripts (offer, take, finish)", f"{number(seen['queue_ms'])} ms"], ["a counted request", f"{number(seen['limit_ms'])} ms"],
                  ["a take that finds nothing", f"{number(seen['empty_take_ms'])} ms"], ["a renewal", f"{number(seen['adopt_ms'])} ms"],
                  ["memory of a waiting job", f"{seen['bytes_per_waiting_job']} bytes"]])


def need():
    results = model.load("results.json")["need"]
    rows = [["worker nodes: worker, and the service's part of running it", f"{number(results['worker_ms'])} ms"],
            ["API nodes: upload, polls, result, preview", f"{number(results['api_ms'])} ms"],
            ["database: processor", f"{number(results['database_ms'])} ms"], ["database: log", size(results["wal_bytes"])],
            ["database: transactions that write", number(results["commits"])],
            ["Redis: scripts", f"{number(results['redis_scripts'])} ({number(results['redis_ms'])} ms)"],
            ["object store: PUT / GET / DELETE", f"{number(results['store_puts'])} / {number(results['store_gets'])} / {number(results['store_deletes'])}"],
            ["object store: bytes written", size(results["store_bytes"])],
            ["network of API nodes, of worker nodes", f"{size(results['api_network_bytes'])}, {size(results['worker_network_bytes'])}"],
            ["rows", ", ".join(f"{name} {number(count)}" for name, count in results["rows"].items())]]
    return table(["of a mean job of the mix", ""], rows)


def one_node():
    results = model.load("results.json")
    rows = []
    for name, text in (("one_node", "mix, with previews"), ("one_node_without_preview", "mix, without")):
        if name in results:
            one = results[name]
            rows.append([text, one["cpu_ms_per_job"], one["jobs_per_s_at_target"], one["jobs_per_s_at_most"], one["jobs_per_day_at_target"],
                         one["flushes_per_job"], one["jobs_per_s_of_1_ms_flushes"]])
    return table(["embedded, 8 cores", "ms a job", "jobs/s at 60 %", "at 100 %", "jobs a day at 60 %", "flushes a job", "jobs/s, were flushes 1 ms and one at a time"], rows)


def clusters():
    found = model.load("results.json")["clusters"]
    percent = lambda row: f"{row['utilization'] * 100:.3g} %"  # noqa: E731
    rows = [["worker, API nodes", *[f"{c['worker_nodes']}, {c['api_nodes']}" for c in found]],
            ["jobs/s that their processors carry at 60 %", *[c["jobs_per_s"] for c in found]],
            ["jobs a day, evenly", *[c["jobs_per_day"] for c in found]]]
    for name in found[0]["resources"]:
        rows.append([name, *[percent(c["resources"][name]) for c in found]])
    rows.append(["**first that is shared**", *[f"{c['first_shared']} ({number(c['first_shared_of_plan'] * 100)} % of plan)" for c in found]])
    rows.append(["jobs/s with one of each", *[c["jobs_per_s_with_it"] for c in found]])
    return table(["nodes", *[str(c["nodes"]) for c in found]], rows)


def ceilings():
    found = model.load("results.json")["ceilings_per_s"]
    return table(["what does not grow with the nodes", "jobs/s at its planned part", "jobs a day, evenly"],
                 [[name, rate, rate * 86400] for name, rate in sorted(found.items(), key=lambda item: item[1])])


def hundred_million():
    seen = model.load("results.json")["hundred_million"]
    rows = [["jobs a second, mean and peak", f"{number(seen['mean_per_s'])}, {number(seen['peak_per_s'])}"],
            ["worker nodes, API nodes at the peak", f"{number(seen['worker_nodes'])}, {number(seen['api_nodes'])}"],
            ["transactions that write, at the peak", f"{number(seen['transactions_per_s'])} /s"],
            ["database's log, at the peak", f"{number(seen['wal_mb_per_s'])} MB/s"],
            ["Redis scripts, at the peak", f"{number(seen['redis_scripts_per_s'])} /s"],
            ["uploaded in a day", f"{number(seen['terabytes_uploaded_per_day'])} TB"],
            ["kept: results of 7 days", f"{number(seen['terabytes_kept'])} TB in {number(seen['objects_kept'])} objects"],
            ["rows in a day", ", ".join(f"{name} {number(count)}" for name, count in seen["rows_per_day"].items())]]
    rows.append(["TB of rows, indexes included (the feed 30 days, all else 7)", ", ".join(f"{name} {number(tb)}" for name, tb in seen["terabytes_of_rows"].items())])
    rows.append(["rows to delete one by one, were there no partitions", f"{number(seen['rows_deleted_per_s'])} /s, day and night"])
    rows += [[f"as many of: {name}", number(count)] for name, count in seen["cells_by"].items()]
    return table(["10^8 jobs a day", ""], rows)


def remedies():
    seen = model.load("results.json")["remedies"]
    rows = [["a job of the mix", seen["whole_ms"]]] + [["less: " + name, -ms] for name, ms in seen["off_ms"].items()]
    return table(["database's processor", "ms"], [*rows, ["left", seen["left_ms"]]])


def spread(values):
    return " / ".join(number(value) for value in values.values())


def simulated_load():
    seen = model.load("results.json")["simulated"]
    rows = [["10 worker nodes", f"{float(load) * 100:.0f} %", one["rate_per_s"], f"{one['workers_used'] * 100:.1f} %", spread(one["wait_s"]),
             spread(one["upload_to_end_s"])] for load, one in seen["steady"].items()]
    rows += [["1 embedded node", f"{float(load) * 100:.0f} %", one["rate_per_s"], f"{one['used'] * 100:.1f} %", spread(one["wait_s"]),
              spread(one["upload_to_end_s"])] for load, one in seen["one_machine"].items()]
    return table(["", "load", "jobs/s", "processors used", "wait for a runner, s", "upload to end, s"], rows)


def simulated_runners():
    seen = model.load("results.json")["simulated"]["runners"]
    return table(["runners a core (`--workers` / cores)", "processors used", "jobs/s of 10 worker nodes"],
                 [[each, f"{one['workers_used'] * 100:.0f} %", one["jobs_per_s"]] for each, one in seen.items()])


def simulated_trouble():
    seen = model.load("results.json")["simulated"]
    burst, big, loss, day = (seen[name] for name in ("burst", "one_big_customer", "node_loss", "day"))
    rows = [["three times the load for 30 s, at 60 %", f"wait of the {number(burst['jobs_in_burst'])} jobs in it {spread(burst['wait_in_burst_s'])} s, of sync ones "
             f"{spread(burst['sync_wait_in_burst_s'])} s, the longest {number(burst['longest_wait_s'])} s; all waits under a second "
             f"{number(burst['waits_over_a_second_until_s_after'])} s after its end"],
            [f"one account puts in {number(big['backlog'])} jobs at once, others at 50 %", f"others wait {spread(big['wait_of_others_s'])} s; the backlog is done after "
             f"{number(big['backlog_done_after_s'])} s; its last upload is accepted after {number(list(big['accepted_after_s'].values())[-1])} s"],
            ["1 of 10 worker nodes dies at 60 %", f"{number(loss['jobs_hit'])} jobs run again, taken up after {spread(loss['run_again_after_s'])} s (50 %, 99 %, all), "
             f"{loss['unfinished']} lost; others wait {spread(loss['wait_of_others_s'])} s"],
            ["a day on one embedded node, its peak 2.5 times the mean and at 60 %", f"{number(day['jobs_in_a_real_day'])} jobs; processors {day['used_over_the_day'] * 100:.0f} % used "
             f"over the day; wait {spread(day['wait_s'])} s, in the busiest hour {spread(day['wait_in_busiest_hour_s'])} s"]]
    rows += [[f"600 uploads a second, all of one account, {flush} a flush", f"{number(one['accepted_per_s'])} a second accepted"] for flush, one in seen["hot_account"].items()]
    return table(["what happens", "what follows (50 % / 90 % / 99 %)"], rows)


def validation():
    seen = model.load("validation.json")
    rows = [[f"{one['rate_per_s']} jobs/s for {one['seconds']} s", f"{one['measured']['used'] * 100:.0f} % / {one['simulated']['used'] * 100:.0f} %",
             f"{one['error_used'] * 100:+.0f} %", spread(one["measured"]["response_s"]), spread(one["simulated"]["response_s"]),
             " / ".join(f"{error * 100:+.0f} %" for error in one["error_response"].values())] for one in seen["loads"]]
    return table(["load", "processors used: measured / simulated", "error", "accepted to end measured, s", "simulated, s", "error"], rows)


def partitions():
    seen = model.load("partitions.json")
    rows = [[name, one["partitions"], "yes" if one["sequential"] else "no", one["execution_ms"]]
            for kind in ("one_partition", "every_partition") for name, one in seen[kind].items()]
    return table([f"query, {number(seen['jobs'])} jobs in {seen['days']} days", "partitions read", "sequential scan", "ms"], rows)


def partition_steps():
    seen = model.load("partitions.json")
    taken = seen["taken_in"]
    rows = [["a day dropped, six tables", f"{number(seen['drop_ms_of_a_day'])} ms"],
            ["for comparison: a tenth of a day deleted row by row, two tables", f"{number(seen['delete_ms_of_a_tenth_of_a_day'])} ms, and its space is not free before VACUUM"]]
    rows += [[f"taking in a table of {number(taken['rows'])} rows: {name.replace('_', ' ')}", f"{number(ms)} ms"] for name, ms in taken["steps_ms"].items()]
    rows.append(["meanwhile", f"{number(taken['inserts_meanwhile'])} inserts, {taken['failed']} failed, the longest took {number(taken['longest_insert_ms'])} ms"])
    rows.append(["bytes a job, indexes included", ", ".join(f"{name} {number(count)}" for name, count in seen["bytes_per_job"].items())])
    return table(["", ""], rows)


MAKERS = {"jobs": lambda: jobs("preview"), "jobs_without_preview": jobs_without_preview, "sheet": sheet, "requests": requests, "measured": measured,
          "database": database, "redis": redis, "need": need, "one_node": one_node, "clusters": clusters, "ceilings": ceilings, "hundred_million": hundred_million,
          "remedies": remedies, "simulated_load": simulated_load, "simulated_runners": simulated_runners, "simulated_trouble": simulated_trouble, "validation": validation,
          "partitions": partitions, "partition_steps": partition_steps}


def fill(text):
    def made(match):
        return f"<!-- table: {match[1]} -->\n{MAKERS[match[1]]()}\n<!-- end -->"
    return re.sub(r"<!-- table: (\w+) -->\n.*?<!-- end -->", made, text, flags=re.DOTALL)
