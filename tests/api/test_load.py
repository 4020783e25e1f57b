# SPDX-License-Identifier: Apache-2.0
"""Many clients at once."""
import re
import threading
import time

import pytest
import requests

from test_recovery import drawing


def run_clients(server, clients, uploads):
    outcomes, lock = [], threading.Lock()
    content = drawing(1500, 0)

    def work():
        session = requests.Session()
        for _ in range(uploads):
            answer = session.post(server.base + "/v1/parse", files={"file": ("a.dxf", content)},
                                  headers={"Authorization": "Bearer " + server.key}, timeout=120)
            with lock:
                outcomes.append((answer.status_code, answer.headers.get("Retry-After"), answer.json()))
    threads = [threading.Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def check(server, outcomes):
    client = server.client()
    accepted = [body["job_id"] for status, _, body in outcomes if status == 202]
    for status, retry, body in outcomes:
        assert status == 202 or (status in (429, 503) and int(retry) > 0), body
    for job in accepted:
        assert client.wait(job, 300)["status"] == "COMPLETED"
    return accepted


def test_eight_clients_at_once(make_server):
    server = make_server()
    assert len(check(server, run_clients(server, 8, 4))) == 32


def test_a_full_queue_is_a_clear_503(make_server, idle_worker, house):
    server = make_server("--workers", "1", "--max-waiting", "2", "--worker", idle_worker)
    client = server.client()
    answers = [client.parse(house) for _ in range(8)]
    refused = [a for a in answers if a.status_code == 503]
    assert refused and all(a.json()["code"] == "BUSY" and int(a.headers["Retry-After"]) > 0 for a in refused)
    server.stop()


@pytest.mark.full
def test_sixteen_clients_twenty_uploads_each(make_server):
    server = make_server()
    check(server, run_clients(server, 2, 3))

    def peak():
        with open(f"/proc/{server.process.pid}/status") as file:
            return int(re.search(r"VmHWM:\s+(\d+)", file.read()).group(1))
    before, start = peak(), time.monotonic()
    accepted = check(server, run_clients(server, 16, 20))
    print(f"{len(accepted)} of 320 jobs in {time.monotonic() - start:.1f} s, peak memory {before} -> {peak()} kB")
    assert len(accepted) >= 300
    assert peak() - before < 60_000
