# SPDX-License-Identifier: Apache-2.0
"""Whose job is next, as the service decides it (src/queue/turns.hpp and the queue itself): of the accounts with the
fewest running jobs the one that has waited longest since it was served, and of its jobs the one with the earliest
turn: a sync job at once, one of up to 1 MB as if it had come 2 minutes later, any other 5 minutes."""
import heapq
import itertools

SMALL_BYTES, SMALL_BEHIND, OTHERS_BEHIND = 1 << 20, 120.0, 300.0


def turn_of(created, upload_bytes, sync):
    return created if sync else created + (SMALL_BEHIND if upload_bytes <= SMALL_BYTES else OTHERS_BEHIND)


class Account:
    __slots__ = ("waiting", "held", "last", "version")

    def __init__(self):
        self.waiting, self.held, self.last, self.version = [], 0, float("-inf"), 0


class Turns:
    def __init__(self):
        self.accounts, self.ready, self.numbers, self.count = {}, [], itertools.count(), 0

    def place(self, name, account):
        """Entries of an older version are passed over."""
        account.version += 1
        if account.waiting:
            turn, _, job = account.waiting[0]
            at = turn + max(account.last - job.created, 0.0)
            heapq.heappush(self.ready, (account.held, at, next(self.numbers), account.version, name))

    def put(self, job):
        account = self.accounts.setdefault(job.account, Account())
        turn = turn_of(job.created, job.upload_bytes, job.sync)
        heapq.heappush(account.waiting, (turn, next(self.numbers), job))
        self.count += 1
        self.place(job.account, account)

    def take(self, now, may_serve=lambda name: True):
        passed, taken = [], None
        while self.ready and taken is None:
            entry = heapq.heappop(self.ready)
            account = self.accounts[entry[4]]
            if entry[3] != account.version:
                continue
            if not may_serve(entry[4]):
                passed.append(entry)
                continue
            taken = heapq.heappop(account.waiting)[2]
            account.held += 1
            account.last = now
            self.count -= 1
            self.place(entry[4], account)
        for entry in passed:
            heapq.heappush(self.ready, entry)
        return taken

    def ended(self, name):
        account = self.accounts[name]
        account.held -= 1
        self.place(name, account)
