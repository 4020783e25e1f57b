# SPDX-License-Identifier: Apache-2.0
"""Many nodes over PostgreSQL, Redis and S3: what one of them knows, all know, and none is needed."""
import os
import re
import signal
import subprocess
import threading
import time

import pytest
import requests

from conftest import PROGRAM, Client, Server, wait_until
from test_recovery import drawing

pytestmark = pytest.mark.cluster("needs many nodes (CADLENS_BACKENDS=cluster)")


class OneNode(Client):
    """Speaks with that node alone."""

    def __init__(self, server, number, key=None):
        super().__init__("", key or server.key)
        self.node = server.nodes[number]

    def call(self, method, path, **options):
        self.base = ""
        return super().call(method, self.node.base + path, **options)


@pytest.fixture(scope="module")
def nodes(make_server):
    server = make_server("--lease-seconds", "3")
    return server


def test_a_job_of_one_node_is_seen_by_the_other_with_all_that_is_its(nodes, house):
    one, other = OneNode(nodes, 0), OneNode(nodes, 1)
    job = one.submit(house)
    done = other.wait(job)
    assert done["status"] == "COMPLETED"
    result = other.get(f"/v1/jobs/{job}/result").json()
    assert result["jobId"] == job == one.get(f"/v1/jobs/{job}/result").json()["jobId"]
    preview = requests.get(re.sub(r"http://[^/]+", one.node.base, done["imageUrl"]), timeout=30)
    assert preview.status_code == 200 and preview.content.startswith(b"\x89PNG"), "signed by one, believed by all"


def test_a_sync_parse_is_answered_though_a_worker_elsewhere_did_it(nodes, house):
    began = time.monotonic()
    answer = OneNode(nodes, 0).parse(house, data={"mode": "sync"})
    assert answer.status_code == 200 and answer.json()["status"] == "COMPLETED"
    assert time.monotonic() - began < 30


def test_events_of_a_job_on_another_node_are_streamed(nodes):
    one, other = OneNode(nodes, 0), OneNode(nodes, 1)
    job = one.submit(drawing(20_000, 3))
    stream = other.get(f"/v1/jobs/{job}/events", stream=True)
    text = b"".join(stream.iter_content(None)).decode()
    assert "event: completed" in text, text


def test_S09_a_key_that_is_revoked_by_one_node_is_refused_by_all_at_once(nodes, house):
    key = nodes.add_key(account="acc_revoked")
    id = OneNode(nodes, 0, key).get("/v1/jobs")
    assert id.status_code == 200
    listed = nodes.run("admin", "list-keys", "--account", "other").stdout
    for line in listed.splitlines():
        if match := re.search(r"key_\w+", line):
            nodes.run("admin", "revoke-key", match[0])
    for number in (0, 1):
        assert OneNode(nodes, number, key).get("/v1/jobs").status_code == 401


def test_S15_a_limit_of_the_rate_holds_across_nodes(make_server):
    server = make_server("--rate-key", "1", "--burst-key", "6", "--rate-address", "0")
    answers = [OneNode(server, i % 2).get("/v1/jobs").status_code for i in range(12)]
    assert answers.count(200) == 6 and answers.count(429) == 6, answers


def test_a_deleted_job_stops_on_the_node_that_runs_it(make_server, idle_worker, house):
    server = make_server("--worker", idle_worker)
    client = OneNode(server, 1)
    job = client.submit(house)
    wait_until(lambda: client.get(f"/v1/jobs/{job}").json()["status"] == "PROCESSING", 30)
    assert client.delete(f"/v1/jobs/{job}").status_code in (200, 204)
    wait_until(lambda: "event=attempt_ended job=" + job in server.log.read_text(), 30)
    wait_until(lambda: server.objects() == [], 30)


def test_a_killed_workers_jobs_are_run_by_another(make_server):
    server = make_server("--lease-seconds", "5", "--workers", "1")
    client = server.client()
    jobs = [client.submit(drawing(60_000, i)) for i in range(4)]
    with server.database() as database:
        wait_until(lambda: database.execute("SELECT COUNT(*) FROM jobs WHERE status = 'PROCESSING'").fetchone()[0] > 0, 30)
    victim = next(node for node in server.nodes if node.role == "worker")
    victim.process.kill()
    victim.process.wait()
    for job in jobs:
        assert client.wait(job, 90)["status"] == "COMPLETED"


def test_a_node_with_other_keys_or_another_store_is_refused(nodes, tmp_path):
    def start(environment, folder):
        done = subprocess.run([PROGRAM, "serve", "--data", folder, "--role", "api", "--listen", "127.0.0.1:0"],
                              env={**nodes.environment, **environment}, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stderr

    folder = tmp_path / "keyless"
    code, said = start({}, folder)
    assert code != 0 and "key" in said and "cadlens admin make-key" in said, said
    key = tmp_path / "key"
    key.touch(0o600)
    key.write_text(os.urandom(32).hex() + "\n")
    keys = {"CADLENS_MASTER_KEY_FILE": str(key), "CADLENS_SIGNING_KEY_FILE": str(nodes.data / "signing.key")}
    code, said = start(keys, tmp_path / "other-key")
    assert code != 0 and "master key" in said, said
    keys["CADLENS_MASTER_KEY_FILE"] = str(nodes.data / "master.key")
    url = re.sub(r"prefix=[^&]*", "prefix=elsewhere/", nodes.environment["CADLENS_S3_URL"])
    # A cluster that has results somewhere must find them there.
    nodes.client().complete(drawing(3, 1))
    code, said = start({**keys, "CADLENS_S3_URL": url}, tmp_path / "other-store")
    assert code != 0 and "store" in said, said


def test_a_worker_needs_a_database_of_many(tmp_path):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CADLENS_DATABASE")}
    done = subprocess.run([PROGRAM, "serve", "--data", tmp_path / "d", "--role", "worker"], env=environment,
                          capture_output=True, text=True, timeout=60)
    assert done.returncode != 0 and "CADLENS_DATABASE_URL" in done.stderr


def test_a_node_that_is_told_to_stop_lets_everybody_go_elsewhere_first(make_server):
    server = make_server("--drain-seconds", "3", "--finish-seconds", "20")
    node = server.nodes[1]
    session = requests.Session()
    assert session.get(node.base + "/ready", timeout=10).status_code == 200
    node.process.send_signal(signal.SIGTERM)
    wait_until(lambda: session.get(node.base + "/ready", timeout=10).status_code == 503, 5)
    answer = session.get(node.base + "/live", timeout=10)
    assert answer.status_code == 200 and answer.headers["Connection"] == "close"
    assert node.process.wait(20) == 0


def rolling_load(server, stop, outcomes):
    """A balancer with two nodes: asks those that are ready, never the same one twice in a row if both are."""
    ready = {node: True for node in server.nodes if node.role == "api"}

    def look():
        while not stop.is_set():
            for node in ready:
                try:
                    ready[node] = requests.get(node.base + "/ready", timeout=2).status_code == 200
                except requests.RequestException:
                    ready[node] = False
            time.sleep(0.2)

    def work(number):
        session = requests.Session()
        turn = number
        while not stop.is_set():
            usable = [node for node, good in ready.items() if good]
            turn += 1
            if not usable:
                outcomes.append("no node")
                time.sleep(0.05)
                continue
            base = usable[turn % len(usable)].base
            try:
                answer = session.post(base + "/v1/parse", files={"file": ("a.dxf", drawing(50, turn))},
                                      headers={"Authorization": "Bearer " + server.key}, timeout=60)
                outcomes.append((answer.status_code, answer.json().get("job_id")))
            except requests.RequestException as problem:
                outcomes.append(repr(problem))
            time.sleep(0.02)

    threads = [threading.Thread(target=look)] + [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    return threads


def test_a_rolling_restart_of_all_nodes_fails_no_request(make_server):
    server = make_server("--drain-seconds", "2", "--finish-seconds", "20")
    stop, outcomes = threading.Event(), []
    threads = rolling_load(server, stop, outcomes)
    for node in list(server.nodes):
        time.sleep(1)
        node.process.send_signal(signal.SIGTERM)
        assert node.process.wait(60) == 0
        node.restart()
        time.sleep(1)
    stop.set()
    for thread in threads:
        thread.join()
    bad = [outcome for outcome in outcomes if not (isinstance(outcome, tuple) and outcome[0] == 202)]
    assert not bad, bad[:5]
    client = server.client()
    for _, job in outcomes:
        assert client.wait(job, 120)["status"] == "COMPLETED"
    with server.database() as database:
        assert database.execute("SELECT COUNT(*) FROM jobs WHERE failures > 0").fetchone()[0] == 0


@pytest.fixture
def own_backends():
    import backends
    made = backends.Backends()
    yield made
    made.stop()


@pytest.fixture
def alone(own_backends, tmp_path, monkeypatch):
    """A cluster with servers of its own, which may be stopped."""
    import conftest
    monkeypatch.setattr(conftest, "BACKENDS", [own_backends])
    server = Server(tmp_path, "--lease-seconds", "5")
    yield server
    server.stop(signal.SIGKILL)


def test_redis_may_go_and_come_back_empty(own_backends, alone, house):
    client = alone.client()
    assert own_backends.redis.tell("stop") == "ok"
    jobs = [client.submit(house) for _ in range(5)]
    assert client.wait(jobs[0], 60)["status"] == "COMPLETED"
    assert own_backends.redis.tell("start") == "ok"
    jobs += [client.submit(house) for _ in range(5)]
    assert own_backends.redis.tell("flush") == "ok"
    assert {client.wait(job, 60)["status"] for job in jobs} == {"COMPLETED"}


def unavailable(answer):
    return answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0


def test_without_the_database_every_answer_says_so_and_all_comes_back(own_backends, alone, house):
    client = alone.client()
    done = client.complete(house)
    own_backends.postgres.tell("stop")
    for number in (0, 1):
        one = OneNode(alone, number)
        assert unavailable(one.get(f"/v1/jobs/{done['id']}"))
        assert unavailable(one.parse(house))
        assert one.get("/live").status_code == 200
        for probe in ("/health", "/ready"):
            wait_until(lambda: one.get(probe).status_code == 503, 10)
            assert unavailable(one.get(probe)) and one.get(probe).json()["db"] == "down"
    own_backends.postgres.tell("start")
    wait_until(lambda: all(OneNode(alone, n).get("/ready").status_code == 200 for n in (0, 1)), 30)
    assert client.complete(house)["status"] == "COMPLETED"
    assert client.get(f"/v1/jobs/{done['id']}").status_code == 200


def test_without_the_store_uploads_are_refused_and_accepted_jobs_wait(own_backends, alone, house):
    client = alone.client()
    workers = [node.process for node in alone.nodes if node.role == "worker"]
    for worker in workers:
        worker.send_signal(signal.SIGSTOP)  # or they would be done before the store is away
    jobs = [client.submit(drawing(3000, i)) for i in range(6)]
    own_backends.swift.tell("stop")
    for worker in workers:
        worker.send_signal(signal.SIGCONT)
    answers = [client.parse(house) for _ in range(2)]
    assert all(unavailable(answer) for answer in answers), [a.text for a in answers]
    # The first ones meet it; then nobody takes any more until it answers.
    wait_until(lambda: any(f"event=attempt_ended job={job} " in alone.log.read_text() for job in jobs), 60)
    wait_until(lambda: "event=backend_away what=job_store" in alone.log.read_text(), 60)
    assert {client.get(f"/v1/jobs/{job}").json()["status"] for job in jobs} <= {"PENDING", "PROCESSING"}
    own_backends.swift.tell("start")
    assert {client.wait(job, 120)["status"] for job in jobs} == {"COMPLETED"}, "none failed for the store's sake"
    with alone.database() as database:
        assert database.execute("SELECT COUNT(*) FROM jobs WHERE failures > 0").fetchone()[0] == 0
    assert client.complete(house)["status"] == "COMPLETED"
