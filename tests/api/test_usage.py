# SPDX-License-Identifier: Apache-2.0
"""Plans, quotas and usage: what an account may send, and what it has sent."""
import datetime
import json
import signal
import threading

import pytest
import requests

import stand_in_worker
from conftest import Client, wait_until

MB = 1 << 20
SCOPES = "parse jobs:read jobs:delete usage:read"


def plan(name, requests_per_month=None, max_file_bytes=None, **more):
    return {"name": name, "label": name.title(), "requestsPerMonth": requests_per_month, "maxFileBytes": max_file_bytes,
            "active": False, **more}


@pytest.fixture
def with_plan(make_server, tmp_path):
    """A server whose accounts all have one plan."""
    def make(*arguments, **bounds):
        file = tmp_path / "plans.json"
        file.write_text(json.dumps({"default": "SMALL", "registration": "SMALL", "plans": [plan("SMALL", **bounds)]}))
        return make_server("--plans", str(file), *arguments)
    return make


def used(client):
    return client.get("/v1/me/usage").json()["used"]


def month_start(time):
    return time.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def next_month(time):
    return month_start(month_start(time) + datetime.timedelta(days=32))


def test_S23_usage_is_told_by_key_day_and_format(make_server, house):
    server = make_server()
    one = server.client()
    job = one.complete(house)
    one.wait(one.submit(house))
    # What is not an accepted request does not count.
    one.get(f"/v1/jobs/{job['id']}")
    one.get(f"/v1/jobs/{job['id']}/result")
    assert one.parse(b"hello").status_code == 400
    assert one.parse(house, data={"mode": "no"}).status_code == 400
    for _ in range(3):
        assert one.parse(house, headers={"Idempotency-Key": "once"}).status_code == 202
    one.wait(one.parse(house, headers={"Idempotency-Key": "once"}).json()["job_id"])
    stranger = Client(server.base, server.add_key(SCOPES))
    stranger.submit(house)

    usage = one.get("/v1/me/usage").json()
    now = datetime.datetime.now(datetime.timezone.utc)
    today = now.date().isoformat()
    assert {k: usage[k] for k in ("plan", "planLabel", "limit", "used", "remaining", "overageCount", "spikes")} == {
        "plan": "SELF_HOSTED", "planLabel": "Self-hosted", "limit": None, "used": 3, "remaining": None,
        "overageCount": 0, "spikes": []}
    assert usage["periodStart"] == month_start(now).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    assert usage["renewalDate"] == next_month(now).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    assert usage["periodEnd"].endswith("T23:59:59.999Z")
    assert usage["byDay"] == [{"day": today, "requests": 3, "completed": 3, "failed": 0, "byFormat": {"DXF": 3}}]
    assert usage["byFormat"] == [{"format": "DXF", "requests": 3}]
    assert usage["outcomes"].keys() == {"completed", "failed", "latencyMs"}
    assert (usage["outcomes"]["completed"], usage["outcomes"]["failed"]) == (3, 0)
    assert 0 < usage["outcomes"]["latencyMs"]["p50"] <= usage["outcomes"]["latencyMs"]["p95"]
    [key] = usage["byKey"]
    assert key["requests"] == 3 and key["byFormat"] == {"DXF": 3}
    assert key["keyPrefix"] == server.key[:12] and key["name"] == "owner" and key["label"] == ""
    assert server.key not in json.dumps(usage)

    # S19: another account's usage is its own, and its key id opens nothing.
    theirs = stranger.get("/v1/me/usage").json()
    assert theirs["used"] == 1 and [k["requests"] for k in theirs["byKey"]] == [1]
    assert stranger.get(f"/v1/me/usage?keyId={key['keyId']}").json()["byDay"] == []
    assert len(one.get(f"/v1/me/usage?keyId={key['keyId']}").json()["byDay"]) == 1
    past = one.get("/v1/me/usage?from=2020-01-01&to=2020-12-31").json()
    assert past["outcomes"] == {"completed": 0, "failed": 0, "latencyMs": None} and past["byFormat"] == []
    assert past["byDay"] == [] and past["byKey"] == [] and past["used"] == 3
    for wrong in ("from=yesterday", "to=2026-02-30", "from=2026-02-02&to=2026-02-01", "from=2020-01-01&to=2021-01-01"):
        assert one.get("/v1/me/usage?" + wrong).status_code == 400, wrong
    assert Client(server.base, None).get("/v1/me/usage").status_code == 401


def test_S23_failed_drawings_are_told_apart(make_server, house):
    client = make_server().client()
    bad = client.wait(client.submit(b"AC1032" + b"\0" * 5000, name="a.dwg"))
    assert bad["status"] == "FAILED"
    job = client.complete(house)
    client.delete("/v1/jobs/" + job["id"])
    usage = client.get("/v1/me/usage").json()
    assert usage["outcomes"] == {"completed": 1, "failed": 1, "latencyMs": None}, "the one that completed is gone"
    assert [(d["completed"], d["failed"]) for d in usage["byDay"]] == [(1, 1)]
    assert usage["byFormat"] == [{"format": "DWG", "requests": 1}, {"format": "DXF", "requests": 1}]


def test_quota_is_refused_before_the_upload_and_leaves_nothing(with_plan, house):
    server = with_plan(requests_per_month=2)
    client = server.client()
    client.complete(house)
    again = {"Idempotency-Key": "again"}
    job = client.parse(house, headers=again).json()["job_id"]
    client.wait(job)
    before = len(server.objects())
    for content in (house, house + b" " * 10_000_000):
        refused = client.parse(content)
        assert refused.status_code == 429
        body = refused.json()
        assert body["code"] == "QUOTA_EXCEEDED" and "Small (SMALL)" in body["error"] and " 2 requests" in body["error"]
        now = datetime.datetime.now(datetime.timezone.utc)
        assert next_month(now).date().isoformat() in body["error"]
        assert abs(int(refused.headers["Retry-After"]) - (next_month(now) - now).total_seconds()) < 60
    assert len(server.objects()) == before
    # What was accepted before is answered again, and may be looked at.
    assert client.parse(house, headers=again).json()["job_id"] == job
    assert client.get(f"/v1/jobs/{job}/result").status_code == 200
    # A token that stands for nothing is no way around, nor is another key of the account.
    assert client.parse(house, headers={"Idempotency-Key": "new"}).status_code == 429
    usage = client.get("/v1/me/usage").json()
    assert (usage["limit"], usage["used"], usage["remaining"], usage["overageCount"]) == (2, 2, 0, 0)
    assert Client(server.base, server.add_key(SCOPES)).parse(house).status_code == 202, "another account"


def test_of_200_at_once_exactly_one_is_admitted(with_plan, house, idle_worker):
    server = with_plan("--worker", idle_worker, "--max-uploads", "300", requests_per_month=10)
    client = server.client()
    for _ in range(9):
        client.submit(house)
    answers, start = [], threading.Barrier(200)

    def ask():
        start.wait()
        answers.append(requests.post(server.base + "/v1/parse", files={"file": ("a.dxf", house)}, timeout=120,
                                     headers={"Authorization": "Bearer " + server.key}).status_code)
    threads = [threading.Thread(target=ask) for _ in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count(202) == 1 and answers.count(429) == 199
    assert used(client) == 10
    assert len([o for o in server.objects() if "uploads" in str(o)]) == 10
    server.stop(signal.SIGKILL)


def test_the_month_begins_anew(make_server, with_plan, house, tmp_path):
    clock = tmp_path / "clock"
    clock.write_text("0")
    server = with_plan("--clock-file", str(clock), requests_per_month=1)
    client = server.client()
    client.submit(house)
    refused = client.parse(house)
    assert refused.status_code == 429
    clock.write_text(refused.headers["Retry-After"])
    assert used(client) == 0
    client.submit(house)
    assert client.parse(house).status_code == 429


@pytest.mark.parametrize("installation", [None, MB // 2])
def test_the_plan_bounds_the_file(with_plan, house, installation):
    server = with_plan(*(["--max-upload", str(installation)] if installation else []), max_file_bytes=MB)
    client = server.client()
    most = installation or MB
    padded = house + b" " * (most - len(house))
    assert client.parse(padded).status_code == 202
    before = len(server.objects())
    for size in (1, 10 * MB):
        refused = client.parse(padded + b" " * size)
        assert refused.status_code == 413 and refused.json()["code"] == "FILE_TOO_LARGE"
        assert str(most) in refused.json()["error"]
        assert ("the plan Small (SMALL)" in refused.json()["error"]) == (installation is None)
    wait_until(lambda: client.get("/v1/jobs").json()["jobs"][0]["status"] == "COMPLETED")
    assert used(client) == 1
    assert len([o for o in server.objects() if "uploads" in str(o)]) == 1 and before


def test_our_own_failures_do_not_count(with_plan, house, tmp_path):
    """A worker that is killed from outside, as by a machine short of memory."""
    worker = stand_in_worker.write(tmp_path / "killed", stand_in_worker.BE_KILLED)
    server = with_plan("--worker", worker, requests_per_month=5)
    client = server.client()
    job = client.wait(client.submit(house))
    assert job["errorCode"] == "WORKER_KILLED"
    usage = client.get("/v1/me/usage").json()
    assert usage["used"] == 0 and usage["remaining"] == 5 and usage["byDay"] == [] and usage["byKey"] == []


def test_damaged_drawings_count(with_plan):
    client = with_plan(requests_per_month=5).client()
    job = client.wait(client.submit(b"AC1032" + bytes(5000), name="a.dwg"))
    assert job["status"] == "FAILED" and job["errorCode"] == "DAMAGED_DRAWING"
    assert used(client) == 1


def test_pricing_shows_what_is_offered(make_server, server):
    nobody = Client(server.base, None)
    plans = nobody.get("/v1/pricing").json()["plans"]
    assert [(p["name"], p["requestsPerMonth"], p["maxFileBytes"] // MB) for p in plans] == [
        ("FREE", 50, 10), ("STARTER", 500, 25), ("GROWTH", 2000, 50), ("PRO", 10000, 100), ("BUSINESS", 40000, 250),
        ("ENTERPRISE", None, 1024)]
    assert all(p["price"] is None for p in plans)


def test_plans_that_make_no_sense_are_refused_at_start(make_server, tmp_path):
    file = tmp_path / "plans.json"
    file.write_text(json.dumps({"default": "A", "registration": "A", "plans": [plan("A", requests_per_month=-1)]}))
    with pytest.raises(AssertionError, match="requestsPerMonth"):
        make_server("--plans", str(file))
