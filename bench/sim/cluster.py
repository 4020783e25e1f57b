# SPDX-License-Identifier: Apache-2.0
"""A cluster, or one machine, under a load: each job's way through API nodes, database, queue, workers and store."""
import itertools
import math
import random

import engine
import model
import turns


class Job:
    __slots__ = ("account", "created", "upload_bytes", "sync", "drawing", "node", "taken", "accepted", "ended", "runs", "lost", "doing")

    def __init__(self, account, created, drawing, sync):
        self.account, self.created, self.drawing, self.sync = account, created, drawing, sync
        self.upload_bytes = drawing["upload_bytes"]
        self.node = self.taken = self.accepted = self.ended = self.lost = None
        self.runs = self.doing = 0


class Node:
    def __init__(self, clock, cores, slots, most_of_account, processor=None):
        self.processor = processor or engine.Processor(clock, cores)
        self.slots, self.most_of_account = slots, most_of_account
        self.running, self.held, self.alive = set(), {}, True

    def has_room(self):
        return self.alive and len(self.running) < self.slots


class Shape:
    """What there is. `one_machine`: an embedded service, everything on the same cores, no database of its own."""

    def __init__(self, workers=1, apis=1, cores=8, memory_gb=32, job_memory_mb=256, one_machine=False, runners_per_core=1):
        self.workers, self.apis, self.cores, self.one_machine = workers, apis, cores, one_machine
        # --workers is one a core unless it is set; one runner more is for the others (app/worker_node.cpp).
        self.most_of_account = max(1, min(cores * runners_per_core, int(memory_gb * 1024 * 0.75 / job_memory_mb) - 1))
        self.slots = self.most_of_account + 1


class Cluster:
    def __init__(self, shape, inputs, seed=1, flush_ms=None):
        self.clock, self.rng = engine.Clock(), random.Random(seed)
        self.inputs, self.shape = inputs, shape
        rules, cores = inputs["assumptions"], shape.cores
        self.rules = rules
        shared = engine.Processor(self.clock, cores) if shape.one_machine else None
        self.apis = [shared] if shared else [engine.Processor(self.clock, cores) for _ in range(shape.apis)]
        self.nodes = [Node(self.clock, cores, shape.slots, shape.most_of_account, shared) for _ in range(shape.workers)]
        self.database = shared or engine.Processor(self.clock, rules["database"]["cores"])
        self.log = engine.Log(self.clock, (rules["database"]["flush_ms"] if flush_ms is None else flush_ms) / 1000)
        self.next_api = itertools.cycle(self.apis)
        self.turns, self.jobs, self.locks, self.room = turns.Turns(), [], {}, set(self.nodes)
        cpu = inputs["database"]["cpu_ms"]
        # A fifth for the requests' own look-ups; what changes the job is shared by the three transactions.
        share = 0.0 if shape.one_machine else cpu["job"] / 1000
        self.submit_s, self.claim_s, self.complete_s, self.read_s = 0.3 * share, 0.2 * share, 0.3 * share, 0.2 * share
        self.store_s = 0.0 if shape.one_machine else rules["object_store"]["latency_ms"] / 1000
        self.redis_s = 0.0 if shape.one_machine else rules["redis"]["round_trip_ms"] / 1000
        self.trip_s = 0.0 if shape.one_machine else rules["database"]["round_trip_ms"] / 1000

    # A transaction that changes a row of the account: one at a time, until it is durable.
    def transaction(self, name, seconds, trips, done, *arguments):
        lock = self.locks.setdefault(name, engine.Lock())

        def durable():
            lock.free()
            done(*arguments)
        lock.ask(self.clock.after, trips * self.trip_s, self.database.ask, seconds, self.log.ask, durable)

    def arrive(self, account, drawing, sync=False):
        job = Job(account, self.clock.now, drawing, sync)
        self.jobs.append(job)
        next(self.next_api).ask(drawing["post_ms"] / 1000, self.clock.after, self.store_s, self.submit, job)

    def submit(self, job):
        self.transaction(("quota", job.account), self.submit_s, 3, self.queue, job)

    def queue(self, job):
        job.accepted = self.clock.now
        self.turns.put(job)
        self.dispatch()

    def dispatch(self):
        while self.turns.count and self.room:
            # Whichever runner asks first: among those with room none is preferred.
            node = min(self.room, key=lambda one: (len(one.running), id(one)))
            job = self.turns.take(self.clock.now, lambda name: node.held.get(name, 0) < node.most_of_account)
            if job is None:
                return
            node.running.add(job)
            node.held[job.account] = node.held.get(job.account, 0) + 1
            if not node.has_room():
                self.room.discard(node)
            job.node, job.taken, job.runs = node, self.clock.now, job.runs + 1
            self.clock.after(self.redis_s, self.transaction, ("turn", job.account), self.claim_s, 4, self.work, job, job.runs)

    def work(self, job, run):
        if job.runs == run and job.node and job.node.alive:
            self.clock.after(self.store_s, self.compute, job, run)

    def compute(self, job, run):
        if job.runs == run and job.node and job.node.alive:
            drawing = job.drawing
            # Previews are put while the worker goes on.
            puts = math.ceil((drawing["objects"] - 1) / model.STORE_PUTS_AT_ONCE)
            job.doing = 2
            job.node.processor.ask(drawing["work_ms"] / 1000, self.one_done, job, run)
            self.clock.after(self.store_s * puts, self.one_done, job, run)

    def one_done(self, job, run):
        if job.runs == run:
            job.doing -= 1
            if job.doing == 0:
                self.clock.after(self.store_s, self.finish, job, run)  # the pack ends with the worker

    def finish(self, job, run):
        if job.runs == run and job.node and job.node.alive:
            # No row that others change is written here.
            self.clock.after(4 * self.trip_s, self.database.ask, self.complete_s, self.log.ask, self.end, job, run)

    def end(self, job, run):
        if job.runs != run or not job.node:
            return
        self.leave(job)
        job.ended = self.clock.now
        clients, requests = self.rules["clients"], self.inputs["costs"]["requests"]
        reads = (clients["polls"] * requests["job"]["cpu_ms"] + clients["preview_reads"] * requests["preview"]["cpu_ms"]
                 + clients["result_reads"] * model.result_ms(requests, job.drawing["stored_bytes"])) / 1000
        if reads:
            next(self.next_api).ask(reads, self.database.ask, self.read_s + 1e-9, lambda: None)
        self.dispatch()

    def leave(self, job):
        node, job.node = job.node, None
        node.running.discard(job)
        node.held[job.account] -= 1
        self.turns.ended(job.account)
        if node.has_room():
            self.room.add(node)

    # A node dies: its jobs wait until their leases have run out and somebody has looked.
    def kill(self, node):
        lease = self.rules["lease"]
        node.alive = False
        self.room.discard(node)
        node.processor.clear()
        for job in list(node.running):
            job.lost = self.clock.now
            left = lease["seconds"] - self.rng.uniform(0, lease["renew_seconds"]) + self.rng.uniform(0, lease["look_seconds"])
            self.clock.after(left, self.reclaim, job)

    def reclaim(self, job):
        if job.ended is not None:
            job.lost = None  # its last transaction was under way already
            return
        self.leave(job)
        self.turns.put(job)
        self.dispatch()

    # The load: a Poisson stream whose rate may change, cut from one of the highest rate.
    def load(self, rate_at, highest, until, weights):
        names = [f"a{i}" for i in range(len(weights))]
        cumulative = list(itertools.accumulate(weights))
        sync = self.rules["clients"]["sync_share"]

        def next_one():
            if self.clock.now >= until:
                return
            if self.rng.random() * highest < rate_at(self.clock.now):
                account = self.rng.choices(names, cum_weights=cumulative)[0]
                self.arrive(account, self.inputs["drawings"].sample(self.rng), self.rng.random() < sync)
            self.clock.after(self.rng.expovariate(highest), next_one)
        self.clock.after(self.rng.expovariate(highest), next_one)


def percentiles(values, parts=(0.5, 0.9, 0.99)):
    values = sorted(values)
    if not values:
        return {}
    return {f"p{round(part * 100)}": round(values[min(len(values) - 1, int(part * len(values)))], 3) for part in parts}


def waits(jobs):
    return [job.taken - job.accepted for job in jobs if job.taken is not None and job.runs == 1]


def responses(jobs):
    return [job.ended - job.created for job in jobs if job.ended is not None]
