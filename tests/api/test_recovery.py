# SPDX-License-Identifier: Apache-2.0
"""kill -9 at random moments: every accepted job ends, once, and for its own reason."""
import os
import pathlib
import random
import signal
import threading
import time

import pytest
import requests

from conftest import wait_until


def is_zygote(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/comm").read_text() == "cadlens-zygote\n"
    except OSError:
        return False


def children_of(server):
    """The workers, and the process that they are copies of."""
    found = []
    for pid in server.working_pids:
        for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
            try:
                found += [int(child) for child in task.read_text().split()]
            except OSError:
                pass
    return found


def ticks_of(pid):
    """Hundredths of a second that it has computed."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return -1
    return int(fields[11]) + int(fields[12])


def busiest_children_of(server):
    """Those with a drawing first: the others were started ahead, and wait."""
    return sorted(children_of(server), key=ticks_of, reverse=True)


def drawing(entities, salt):
    lines = ["999", str(salt), "0", "SECTION", "2", "ENTITIES"]
    for i in range(entities):
        lines += ["0", "LINE", "8", "0", "10", f"{i}.5", "20", "0.0", "11", f"{i}.5", "21", f"{i % 97}.0"]
    return "\n".join(lines + ["0", "ENDSEC", "0", "EOF", ""]).encode()


class Uploader(threading.Thread):
    """Sends drawings whatever happens to the server, and remembers what was accepted."""

    def __init__(self, server, count, random_source):
        super().__init__()
        self.server, self.count, self.random = server, count, random_source
        self.accepted = []

    def run(self):
        sent = 0
        while sent < self.count:
            content = drawing(self.random.choice([1, 100, 4000]), sent)
            try:
                answer = requests.post(self.server.base + "/v1/parse", files={"file": ("a.dxf", content)},
                                       headers={"Authorization": "Bearer " + self.server.key}, timeout=30)
            except requests.RequestException:
                time.sleep(0.05)
                continue
            if answer.status_code == 202:
                self.accepted.append(answer.json()["job_id"])
                sent += 1
            else:
                assert answer.status_code in (429, 503), answer.text
                time.sleep(0.1)


def check_all(server, accepted):
    client = server.client()
    assert len(accepted) == len(set(accepted))
    for job_id in accepted:
        job = client.wait(job_id, 120)
        assert job["status"] == "COMPLETED" or job["errorCode"] == "WORKER_KILLED", job
        if job["status"] == "COMPLETED":
            result = client.get(f"/v1/jobs/{job_id}/result")
            assert result.json()["jobId"] == job_id
    listed, cursor = [], ""
    while True:
        page = client.get("/v1/jobs?limit=100" + cursor).json()
        listed += [j["id"] for j in page["jobs"]]
        if not page["nextCursor"]:
            break
        cursor = "&cursor=" + page["nextCursor"]
    assert len(listed) == len(set(listed)), "a job is seen twice"
    # A job may have been stored although its answer was lost with the server; none may be missing.
    assert set(accepted) <= set(listed)
    for job_id in listed:
        client.wait(job_id, 120)


def torment(server, jobs, server_kills, worker_kills, seed):
    source = random.Random(seed)
    uploader = Uploader(server, jobs, random.Random(seed + 1))
    uploader.start()
    todo = ["server"] * server_kills + ["worker"] * worker_kills
    source.shuffle(todo)
    killed = {"server": 0, "worker": 0}
    for what in todo:
        time.sleep(source.uniform(0.02, 0.4))
        if what == "server":
            server.stop(signal.SIGKILL)
            server.restart()
            killed["server"] += 1
            continue
        end = time.monotonic() + 5
        while time.monotonic() < end:
            victims = busiest_children_of(server)
            if victims:
                time.sleep(source.uniform(0, 0.01))
                try:
                    os.kill(victims[0], signal.SIGKILL)
                    killed["worker"] += 1
                    break
                except ProcessLookupError:
                    continue
            time.sleep(0.001)
    uploader.join(600)
    assert not uploader.is_alive()
    check_all(server, uploader.accepted)
    return killed


def test_kills_of_server_and_workers_lose_no_job(make_server):
    server = make_server("--lease-seconds", "5")
    killed = torment(server, jobs=25, server_kills=3, worker_kills=6, seed=7)
    assert killed["server"] == 3
    before = {p.name for p in server.objects()}
    assert server.stop() == 0
    swept = server.log.read_text().count("event=store_swept")
    server.restart()
    if server.cluster:
        return  # of many nodes one that has just started is no reason to walk through the store
    end = time.monotonic() + 60
    while server.log.read_text().count("event=store_swept") == swept:
        assert time.monotonic() < end
        time.sleep(0.05)
    assert {p.name for p in server.objects()} == before, "nothing was left to sweep"


@pytest.mark.full
def test_two_hundred_jobs_through_many_kills(make_server):
    server = make_server("--lease-seconds", "5")
    killed = torment(server, jobs=200, server_kills=15, worker_kills=60, seed=11)
    print(killed)
    assert killed["server"] == 15 and killed["worker"] > 30


def test_a_worker_killed_each_time_fails_the_job_with_our_reason(make_server):
    server = make_server("--workers", "1")
    client = server.client()
    job = client.submit(drawing(150_000, 1))
    end = time.monotonic() + 60
    while client.get(f"/v1/jobs/{job}").json()["status"] not in ("FAILED", "COMPLETED"):
        assert time.monotonic() < end
        for child in [pid for pid in children_of(server) if not is_zygote(pid)]:
            try:
                os.kill(child, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.005)
    job = client.get(f"/v1/jobs/{job}").json()
    assert job["status"] == "FAILED" and job["errorCode"] == "WORKER_KILLED"
    wait_until(lambda: server.objects() == [])


def test_S18_a_job_whose_worker_dies_leaves_the_others_alone(make_server):
    server = make_server("--workers", "2")
    client = server.client()
    victim = client.submit(drawing(150_000, 1))
    end = time.monotonic() + 20
    while not (children := busiest_children_of(server)) or ticks_of(children[0]) < 10:
        assert time.monotonic() < end
        time.sleep(0.001)
    quick = [client.submit(drawing(10, i)) for i in range(5)]
    os.kill(children[0], signal.SIGKILL)
    for job in quick:
        job = client.wait(job)
        assert job["status"] == "COMPLETED"
        with server.database() as database:
            assert database.execute("SELECT attempt FROM jobs WHERE id=?", (job["id"],)).fetchone() == (1,)
    assert client.wait(victim)["status"] == "COMPLETED"
    with server.database() as database:
        assert database.execute("SELECT attempt, failures FROM jobs WHERE id=?", (victim,)).fetchone() == (2, 1)


def test_no_worker_outlives_a_killed_server(make_server):
    server = make_server("--workers", "1")
    client = server.client()
    client.submit(drawing(150_000, 1))
    end = time.monotonic() + 20
    while not (children := children_of(server)):
        assert time.monotonic() < end
        time.sleep(0.002)
    server.stop(signal.SIGKILL)
    end = time.monotonic() + 10
    while any(pathlib.Path(f"/proc/{c}").exists() and "Z" not in pathlib.Path(f"/proc/{c}/stat").read_text().split()[2]
              for c in children):
        assert time.monotonic() < end
        time.sleep(0.02)
    server.restart()


def test_a_second_signal_does_not_wait_for_running_jobs(make_server):
    server = make_server("--workers", "1", "--finish-seconds", "600")
    client = server.client()
    job = client.submit(drawing(150_000, 1))
    end = time.monotonic() + 20
    while not (children := busiest_children_of(server)) or ticks_of(children[0]) < 10:
        assert time.monotonic() < end
        time.sleep(0.001)
    working = server.process_of(children[0])
    os.kill(children[0], signal.SIGSTOP)
    working.send_signal(signal.SIGTERM)
    time.sleep(2)
    assert working.poll() is None, "the job may go on to its end"
    working.send_signal(signal.SIGTERM)
    assert working.wait(60) == 0
    with server.database() as database:
        status, failures = database.execute("SELECT status, failures FROM jobs WHERE id=?", (job,)).fetchone()
    assert failures == 0 and (server.cluster or status == "PENDING"), "of many nodes another takes it at once"
    server.stop()
    server.restart()
    assert server.client().wait(job)["status"] == "COMPLETED"
