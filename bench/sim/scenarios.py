# SPDX-License-Identifier: Apache-2.0
"""What is asked of the simulator. Each scenario answers with plain numbers for results.json."""
import math

import cluster
import model

# With objects a network away a runner mostly waits for them: more runners than cores, or the cores stay idle (below).
RUNNERS = 4


def _need(inputs):
    return model.demands(inputs["costs"], inputs["database"], inputs["redis"], inputs["assumptions"], inputs["drawings"])


def _weights(inputs):
    clients = inputs["assumptions"]["clients"]
    return model.zipf_weights(clients["accounts"], clients["zipf"])


def _system(inputs, nodes, seed, **options):
    worker, api = nodes
    return cluster.Cluster(cluster.Shape(**{"workers": worker, "apis": api, "runners_per_core": RUNNERS, **options}), inputs, seed)


def _rate(inputs, workers, utilization):
    return utilization * workers * inputs["assumptions"]["node"]["cores"] / (_need(inputs)["worker_ms"] / 1000)


def _told(system):
    return {"jobs": len(system.jobs), "wait_s": cluster.percentiles(cluster.waits(system.jobs)),
            "upload_to_end_s": cluster.percentiles(cluster.responses(system.jobs))}


def steady(inputs, seed=1, seconds=30.0):
    """Ten worker nodes at rising load: waits, and the utilization against what the law says."""
    found = {}
    for load in (0.3, 0.6, 0.8, 0.9):
        system = _system(inputs, (10, 2), seed)
        rate = _rate(inputs, 10, load)
        system.load(lambda now, rate=rate: rate, rate, seconds, _weights(inputs))
        system.clock.run(seconds)
        used = sum(node.processor.utilization() for node in system.nodes) / 10
        found[str(load)] = {"rate_per_s": round(rate, 1), "workers_used": round(used, 3),
                            "database_used": round(system.database.utilization(), 4),
                            "commits_per_flush": round(system.log.commits / max(1, system.log.flushes), 2), **_told(system)}
    return found


def runners(inputs, seed=8, seconds=30.0):
    """What so many runners a core let ten nodes do, when more is sent than they can."""
    found = {}
    for each in (1, 2, 4, 8):
        system = _system(inputs, (10, 4), seed, runners_per_core=each)
        rate = _rate(inputs, 10, 1.1)
        system.load(lambda now, rate=rate: rate, rate, seconds, _weights(inputs))
        system.clock.run(seconds)
        done = sum(1 for job in system.jobs if job.ended and job.ended > seconds / 3)
        found[str(each)] = {"workers_used": round(sum(node.processor.utilization() for node in system.nodes) / 10, 3),
                            "jobs_per_s": round(done / (seconds * 2 / 3), 1)}
    return found


def one_machine(inputs, seed=2, seconds=120.0):
    """An embedded service on one node of eight cores, everything on the same cores."""
    need = _need(inputs)
    found = {}
    for load in (0.3, 0.6, 0.8, 0.9):
        system = cluster.Cluster(cluster.Shape(cores=inputs["assumptions"]["node"]["cores"], one_machine=True), inputs, seed)
        rate = load * inputs["assumptions"]["node"]["cores"] / ((need["worker_ms"] + need["api_ms"]) / 1000)
        system.load(lambda now, rate=rate: rate, rate, seconds, _weights(inputs))
        system.clock.run(seconds)
        found[str(load)] = {"rate_per_s": round(rate, 1), "used": round(system.database.utilization(), 3), **_told(system)}
    return found


def burst(inputs, seed=3):
    """Everybody sends three times as much for half a minute, at 60 % load: more than can be done meanwhile."""
    system = _system(inputs, (10, 4), seed)
    rate = _rate(inputs, 10, 0.6)
    system.load(lambda now: 3 * rate if 20 <= now < 50 else rate, 3 * rate, 130.0, _weights(inputs))
    system.clock.run()
    within = [job for job in system.jobs if 20 <= job.created < 50]
    late = [job.created for job in system.jobs if job.created > 50 and job.taken - job.accepted > 1.0]
    return {"rate_per_s": round(rate, 1), "jobs_in_burst": len(within), "wait_in_burst_s": cluster.percentiles(cluster.waits(within)),
            "sync_wait_in_burst_s": cluster.percentiles(cluster.waits([j for j in within if j.sync])),
            "longest_wait_s": round(max(cluster.waits(system.jobs)), 1),
            "waits_over_a_second_until_s_after": round(max(late) - 50, 1) if late else 0.0}


def one_big_customer(inputs, seed=4, backlog=4000):
    """One account puts in 4,000 jobs at once, at 50 % load of the others."""
    system = _system(inputs, (10, 4), seed)
    rate = _rate(inputs, 10, 0.5)
    system.load(lambda now: rate, rate, 60.0, _weights(inputs))

    def dump():
        for _ in range(backlog):
            system.arrive("big", inputs["drawings"].sample(system.rng))
    system.clock.at(10.0, dump)
    system.clock.run()
    big = [job for job in system.jobs if job.account == "big"]
    others = [job for job in system.jobs if job.account != "big" and job.created > 10.0]
    return {"backlog": backlog, "rate_of_others_per_s": round(rate, 1), "wait_of_others_s": cluster.percentiles(cluster.waits(others)),
            "accepted_after_s": cluster.percentiles([job.accepted - job.created for job in big], (0.5, 0.99)),
            "backlog_done_after_s": round(max(job.ended for job in big) - 10.0, 1)}


def node_loss(inputs, seed=5):
    """One of ten worker nodes dies at 60 % load; it does not come back."""
    system = _system(inputs, (10, 2), seed)
    rate = _rate(inputs, 10, 0.6)
    system.load(lambda now: rate, rate, 60.0, _weights(inputs))
    system.clock.at(15.0, system.kill, system.nodes[0])
    system.clock.run()
    lost = [job for job in system.jobs if job.lost is not None]
    after = [job for job in system.jobs if 15 <= job.created < 60 and job.lost is None]
    return {"rate_per_s": round(rate, 1), "jobs_hit": len(lost), "unfinished": sum(job.ended is None for job in system.jobs),
            "run_again_after_s": cluster.percentiles([job.taken - job.lost for job in lost], (0.5, 0.99, 1.0)),
            "wait_of_others_s": cluster.percentiles(cluster.waits(after))}


def hot_account(inputs, seed=6, seconds=20.0):
    """All of a load is one account's: its row of the month's quota is changed by one transaction at a time."""
    found = {}
    for flush in (0.2, 1.0, 2.0):
        system = cluster.Cluster(cluster.Shape(workers=200, apis=50), inputs, seed, flush_ms=flush)
        small = inputs["drawings"].cells[0][1]
        drawing = inputs["drawings"].with_costs({key: small[key]["min"] for key in model.KEYS})

        def arrive(system=system, drawing=drawing):
            if system.clock.now < seconds:
                system.arrive("only", drawing)
                system.clock.after(1 / 600, arrive)
        system.clock.after(0, arrive)
        system.clock.run(seconds)
        accepted = sum(job.accepted is not None for job in system.jobs)
        found[f"{flush} ms"] = {"sent_per_s": 600, "accepted_per_s": round(accepted / seconds, 1)}
    return found


def day(inputs, seed=7, shortened=60):
    """A day in a sixtieth of its time, on one embedded node: the hours follow a curve of the given peak."""
    need, rules = _need(inputs), inputs["assumptions"]
    peak, length = rules["day"]["peak_to_mean"], 86_400 / shortened
    cores = rules["node"]["cores"]
    top = rules["node"]["target_utilization"] * cores / ((need["worker_ms"] + need["api_ms"]) / 1000)
    # A bell over the working hours on a quiet ground, its peak `peak` times the mean.
    ground = 0.2
    width = (1 - ground) / (peak - ground) / math.sqrt(2 * math.pi)

    def rate_at(now):
        return top / peak * (ground + (peak - ground) * math.exp(-0.5 * ((now / length - 0.5) / width) ** 2))
    system = cluster.Cluster(cluster.Shape(cores=cores, one_machine=True), inputs, seed)
    system.load(rate_at, top, length, _weights(inputs))
    system.clock.run()
    busiest = [job for job in system.jobs if abs(job.created / length - 0.5) < 0.5 / 24]
    return {"jobs_in_a_real_day": len(system.jobs) * shortened, "used_over_the_day": round(system.database.utilization(), 3),
            "wait_s": cluster.percentiles(cluster.waits(system.jobs)), "wait_in_busiest_hour_s": cluster.percentiles(cluster.waits(busiest))}


ALL = {"steady": steady, "runners": runners, "one_machine": one_machine, "burst": burst, "one_big_customer": one_big_customer, "node_loss": node_loss,
       "hot_account": hot_account, "day": day}
