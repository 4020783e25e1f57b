# SPDX-License-Identifier: Apache-2.0
"""A discrete-event simulator: a clock and what can be waited for. tests/bench holds it to closed forms."""
import collections
import heapq
import itertools


class Clock:
    def __init__(self):
        self.now, self.events, self.numbers = 0.0, [], itertools.count()

    def at(self, time, call, *arguments):
        heapq.heappush(self.events, (time, next(self.numbers), call, arguments))

    def after(self, delay, call, *arguments):
        heapq.heappush(self.events, (self.now + delay, next(self.numbers), call, arguments))

    def run(self, until=float("inf")):
        events = self.events
        while events and events[0][0] <= until:
            self.now, _, call, arguments = heapq.heappop(events)
            call(*arguments)
        if until != float("inf"):
            self.now = until


class Average:
    """Of a value over time."""

    def __init__(self, clock):
        self.clock, self.area, self.value, self.since, self.start = clock, 0.0, 0, clock.now, clock.now

    def add(self, change):
        now = self.clock.now
        self.area += self.value * (now - self.since)
        self.since = now
        self.value += change

    def mean(self):
        self.add(0)
        return self.area / max(1e-12, self.clock.now - self.start)


class Servers:
    """So many servers with one line in front: first come, first served."""

    def __init__(self, clock, count):
        self.clock, self.free, self.count = clock, count, count
        self.line, self.busy, self.inside = collections.deque(), Average(clock), Average(clock)

    def ask(self, seconds, done, *arguments):
        self.inside.add(1)
        if self.free:
            self.begin(seconds, done, arguments)
        else:
            self.line.append((seconds, done, arguments))

    def begin(self, seconds, done, arguments):
        self.free -= 1
        self.busy.add(1)
        self.clock.after(seconds, self.end, done, arguments)

    def end(self, done, arguments):
        self.free += 1
        self.busy.add(-1)
        self.inside.add(-1)
        if self.line:
            self.begin(*self.line.popleft())
        done(*arguments)

    def utilization(self):
        return self.busy.mean() / self.count


class Processor:
    """Cores that all running tasks share equally, none having more than one: how an operating system does it."""

    def __init__(self, clock, cores):
        self.clock, self.cores, self.tasks, self.version = clock, cores, [], 0
        self.virtual, self.since, self.numbers = 0.0, clock.now, itertools.count()
        self.work, self.inside, self.start = 0.0, Average(clock), clock.now

    def speed(self):
        return min(1.0, self.cores / len(self.tasks)) if self.tasks else 0.0

    def advance(self):
        passed = (self.clock.now - self.since) * self.speed()
        self.virtual += passed
        self.work += passed * len(self.tasks)
        self.since = self.clock.now

    def ask(self, seconds, done, *arguments):
        self.advance()
        heapq.heappush(self.tasks, (self.virtual + seconds, next(self.numbers), done, arguments))
        self.inside.add(1)
        self.plan()

    def plan(self):
        self.version += 1
        if self.tasks:
            left = max(0.0, self.tasks[0][0] - self.virtual)
            self.clock.after(left / self.speed(), self.end, self.version)

    def end(self, version):
        if version != self.version:
            return  # somebody came meanwhile: planned anew
        self.advance()
        _, _, done, arguments = heapq.heappop(self.tasks)
        self.inside.add(-1)
        self.plan()
        done(*arguments)

    def clear(self):
        """The machine is gone, and everything on it."""
        self.advance()
        self.inside.add(-len(self.tasks))
        self.tasks, self.version = [], self.version + 1

    def utilization(self):
        self.advance()
        return self.work / self.cores / max(1e-12, self.clock.now - self.start)


class Log:
    """A write-ahead log: one flush at a time makes durable whatever has been waiting for it (group commit)."""

    def __init__(self, clock, flush_seconds):
        self.clock, self.flush, self.waiting, self.running = clock, flush_seconds, [], []
        self.flushes, self.commits, self.busy = 0, 0, Average(clock)

    def ask(self, done, *arguments):
        self.waiting.append((done, arguments))
        self.commits += 1
        if not self.running:
            self.begin()

    def begin(self):
        self.running, self.waiting = self.waiting, []
        self.flushes += 1
        self.busy.add(1)
        self.clock.after(self.flush, self.end)

    def end(self):
        done, self.running = self.running, []
        self.busy.add(-1)
        if self.waiting:
            self.begin()
        for call, arguments in done:
            call(*arguments)


class Lock:
    """A row of the database that one transaction at a time may change."""

    def __init__(self):
        self.line, self.held = collections.deque(), False

    def ask(self, done, *arguments):
        if self.held:
            self.line.append((done, arguments))
        else:
            self.held = True
            done(*arguments)

    def free(self):
        if self.line:
            done, arguments = self.line.popleft()
            done(*arguments)
        else:
            self.held = False
