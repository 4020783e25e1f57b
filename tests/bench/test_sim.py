# SPDX-License-Identifier: Apache-2.0
"""The simulator of bench/sim against closed forms of queueing theory, and against the service's own rule of turns."""
import json
import math
import pathlib
import random
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench/sim"))

import cluster  # noqa: E402
import engine  # noqa: E402
import model  # noqa: E402
import tables  # noqa: E402
import turns  # noqa: E402


def run_line(resource_of, rate, service_of, customers, seed=7):
    """Poisson arrivals at one resource: times in it, and the resource."""
    clock, rng, times = engine.Clock(), random.Random(seed), []
    resource = resource_of(clock)

    def arrive(left):
        begun = clock.now
        resource.ask(service_of(rng), lambda: times.append(clock.now - begun))
        if left > 1:
            clock.after(rng.expovariate(rate), arrive, left - 1)
    clock.after(rng.expovariate(rate), arrive, customers)
    clock.run()
    return times, resource, clock


def erlang_c(servers, load):
    busy = load ** servers / math.factorial(servers) * servers / (servers - load)
    return busy / (sum(load ** k / math.factorial(k) for k in range(servers)) + busy)


@pytest.mark.parametrize("servers, rho", [(1, 0.5), (1, 0.8), (4, 0.7), (16, 0.8)])
def test_waiting_in_mmc_is_erlangs(servers, rho):
    rate = rho * servers
    times, line, clock = run_line(lambda c: engine.Servers(c, servers), rate, lambda rng: rng.expovariate(1.0), 60_000)
    wait = sum(times) / len(times) - 1.0
    expected = erlang_c(servers, rate) / (servers - rate)
    assert wait == pytest.approx(expected, rel=0.12, abs=0.01)
    assert line.utilization() == pytest.approx(rho, rel=0.03)  # utilization law: rate times service time
    # Little: those inside are rate times time inside, here to the last digit, as nobody is left inside.
    assert line.inside.mean() * clock.now == pytest.approx(sum(times), rel=1e-9)


def test_waiting_in_md1_is_half_of_mm1():
    times, _, _ = run_line(lambda c: engine.Servers(c, 1), 0.8, lambda rng: 1.0, 60_000)
    assert sum(times) / len(times) - 1.0 == pytest.approx(0.8 / (2 * 0.2), rel=0.08)


@pytest.mark.parametrize("service_of", [lambda rng: rng.expovariate(1.0), lambda rng: 1.0,
                                        lambda rng: 0.5 if rng.random() < 0.9 else 5.5])
def test_a_shared_processor_does_not_care_how_work_is_distributed(service_of):
    """M/G/1 with processor sharing: time inside is service / (1 - rho), whatever the distribution of work."""
    times, processor, clock = run_line(lambda c: engine.Processor(c, 1), 0.7, service_of, 60_000)
    assert sum(times) / len(times) == pytest.approx(1 / 0.3, rel=0.12)
    assert processor.utilization() == pytest.approx(0.7, rel=0.03)
    assert processor.inside.mean() * clock.now == pytest.approx(sum(times), rel=1e-9)


def test_tasks_get_one_core_each_at_most():
    clock, ended = engine.Clock(), []
    processor = engine.Processor(clock, 2)
    for _ in range(3):
        processor.ask(2.0, lambda: ended.append(clock.now))
    clock.after(0.5, processor.ask, 0.1, lambda: ended.append(clock.now))
    clock.run()
    # Three share two cores for 0.5 s (1/3 s each), four share them until the short one has its 0.1 s (0.2 s more).
    assert ended == pytest.approx([0.7] + [0.7 + (2 - 1 / 3 - 0.1) * 1.5] * 3)


def test_mm2_by_sharing_is_as_long_as_by_waiting():
    """With exponential work the number inside is the same birth and death process, whoever is served."""
    times, _, _ = run_line(lambda c: engine.Processor(c, 2), 1.4, lambda rng: rng.expovariate(1.0), 60_000)
    assert sum(times) / len(times) == pytest.approx(1 + erlang_c(2, 1.4) / (2 - 1.4), rel=0.08)


def test_a_flush_makes_durable_whatever_waits():
    clock, done = engine.Clock(), []
    log = engine.Log(clock, 1.0)
    for at in (0.0, 0.2, 0.4, 1.5):
        clock.at(at, log.ask, lambda: done.append(clock.now))
    clock.run()
    assert done == [1.0, 2.0, 2.0, 3.0] and log.flushes == 3 and log.commits == 4


def test_a_row_is_one_transaction_at_a_time():
    clock, lock, order = engine.Clock(), engine.Lock(), []

    def hold(name):
        order.append((name, clock.now))
        clock.after(1.0, lock.free)
    for name in "abc":
        lock.ask(hold, name)
    clock.run()
    assert order == [("a", 0.0), ("b", 1.0), ("c", 2.0)]


def waiting(account, created, size=1000, sync=False):
    return cluster.Job(account, created, {"upload_bytes": size}, sync)


def test_accounts_take_turns_whatever_the_length_of_a_backlog():
    line = turns.Turns()
    for i in range(500):
        line.put(waiting("a", 1 + i / 1000))
    for i in range(3):
        line.put(waiting("b", 5 + i))
    line.put(waiting("c", 9))
    assert [line.take(10.0 + i).account for i in range(7)] == list("abcabab")


def test_sync_comes_before_small_before_large_and_nobody_starves():
    line = turns.Turns()
    line.put(waiting("a", 0.0, size=5 << 20))
    line.put(waiting("a", 1.0))
    line.put(waiting("a", 2.0, sync=True))
    assert [line.take(3.0).created for _ in range(3)] == [2.0, 1.0, 0.0]
    line.put(waiting("a", 0.0, size=5 << 20))
    line.put(waiting("a", 299.0 + turns.SMALL_BEHIND))
    assert line.take(500.0).created == 0.0, "one that has waited five minutes is overtaken no more"


def test_an_account_that_may_not_be_served_holds_nobody_up():
    line = turns.Turns()
    for i in range(4):
        line.put(waiting("a", float(i)))
    line.put(waiting("b", 9.0))
    assert line.take(10.0, lambda name: name != "a").account == "b"
    assert line.take(10.0).account == "a"


@pytest.fixture(scope="module")
def inputs():
    read = {name: json.loads((ROOT / f"bench/sim/{name}.json").read_text())
            for name in ("costs", "database", "redis", "assumptions")}
    return {**read, "drawings": model.Drawings(read["costs"], read["assumptions"])}


def test_a_cluster_uses_what_the_utilization_law_says(inputs):
    shape = cluster.Shape(workers=4, apis=2)
    system = cluster.Cluster(shape, inputs)
    need = model.demands(inputs["costs"], inputs["database"], inputs["redis"], inputs["assumptions"], inputs["drawings"])
    rate = 0.5 * shape.workers * shape.cores / (need["worker_ms"] / 1000)
    system.load(lambda now: rate, rate, 30.0, model.zipf_weights(200, 1.1))
    system.clock.run()
    assert all(job.ended for job in system.jobs) and all(job.runs == 1 for job in system.jobs)
    work = sum(node.processor.work for node in system.nodes)
    asked = sum(job.drawing["work_ms"] for job in system.jobs)
    assert work == pytest.approx(asked / 1000, rel=1e-6), "no work is lost or done twice"
    assert work / len(system.jobs) == pytest.approx(need["worker_ms"] / 1000, rel=0.15), "the sampled mix is the mean one"


def test_a_node_that_dies_loses_no_job_and_all_run_again_within_35_seconds(inputs):
    system = cluster.Cluster(cluster.Shape(workers=3, apis=1), inputs)
    rate = 0.3 * 24 / (model.demands(inputs["costs"], inputs["database"], inputs["redis"], inputs["assumptions"],
                                     inputs["drawings"])["worker_ms"] / 1000)
    system.load(lambda now: rate, rate, 20.0, model.zipf_weights(200, 1.1))
    system.clock.at(10.0, system.kill, system.nodes[0])
    system.clock.run()
    again = [job for job in system.jobs if job.lost is not None]
    assert again and all(job.ended for job in system.jobs)
    assert all(job.runs == 2 and 25 <= job.taken - job.lost < 35 for job in again)


def test_a_sample_is_within_what_was_measured(inputs):
    rng, table = random.Random(3), inputs["costs"]["jobs"]["preview"]
    for _ in range(500):
        drawing = inputs["drawings"].sample(rng)
        cells = table[drawing["format"]].values()
        assert min(c["upload_bytes"]["min"] for c in cells) <= drawing["upload_bytes"] <= max(c["upload_bytes"]["max"] for c in cells)
        assert drawing["worker_cpu_ms"] >= 0 and drawing["objects"] >= 1


def test_the_tables_of_the_document_are_those_of_the_files():
    text = (ROOT / "docs/scaling.md").read_text()
    assert text.count("<!-- table: ") == text.count("<!-- end -->") > 10
    assert tables.fill(text) == text, "bench/sim/run.py --docs writes them anew"


def test_nothing_of_a_corpus_is_in_what_was_measured():
    def words(node):
        if isinstance(node, dict):
            return set(node) | {w for value in node.values() for w in words(value)}
        return {node} if isinstance(node, str) else set()
    found = words(json.loads((ROOT / "bench/sim/costs.json").read_text())["jobs"])
    known = {"preview", "no_preview", "DXF", "DWG", "drawings", *model.KEYS, "mean", *(name for name, _ in model.QUANTILES)}
    assert not {word for word in found - known if not word.startswith(("<= ", "> "))}
