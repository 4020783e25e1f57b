# SPDX-License-Identifier: Apache-2.0
"""Logs, traces, metrics and probes of a whole server."""
import json
import re
import secrets
import subprocess
import time

import pytest
import requests

from conftest import Client, PROGRAM, free_port, wait_until
from receiver import Receiver

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
MARKER = "SECRETTEXT" + secrets.token_hex(6)


@pytest.fixture(scope="module")
def receiver():
    one = Receiver()
    yield one
    one.close()


@pytest.fixture(scope="module")
def watched(make_server, receiver):
    return make_server("--log-format", "json", "--metrics", "127.0.0.1:0", "--webhook-allow-http", "--webhook-allow",
                       "127.0.0.0/8")


def lines_of(server):
    return [json.loads(line) for line in server.log.read_text().splitlines()]


def of_event(server, event):
    return [line for line in lines_of(server) if line.get("event") == event]


def metrics_of(server):
    """Of all its nodes, one after the other."""
    texts = []
    for line in of_event(server, "metrics"):
        answer = requests.get(f"http://127.0.0.1:{line['port']}/metrics", timeout=10)
        assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        texts.append(answer.text)
    assert len(texts) == len(server.nodes)
    return "\n".join(texts)


def value_of(text, name):
    """The sum over the nodes."""
    found = re.findall("^" + re.escape(name) + r" (\S+)$", text, re.M)
    return sum(map(float, found)) if found else None


def test_S25_every_line_of_a_run_is_an_object_without_content_names_or_secrets(watched, house):
    client = watched.client()
    drawing = house.replace(b"Note 0", b"Note " + MARKER.encode())
    assert drawing != house
    job = client.wait(client.submit(drawing, name=f"{MARKER}.dxf", data={"webhookUrl": f"http://127.0.0.1:{free_port()}/{MARKER}"},
                                    headers={"User-Agent": MARKER}))
    client.get(job["imageUrl"])
    client.get(f"/v1/jobs/{job['id']}/entities?layer={MARKER}")
    client.get("/v1/jobs/" + MARKER)
    Client(watched.base, None).call("POST", "/v1/auth/login", json={"email": f"{MARKER}@example.com", "password": MARKER})
    requests.get(watched.base + f"/{MARKER}/\"x=1 event=forged", timeout=10)
    assert client.parse(b"no drawing " + MARKER.encode() * 300, name="x.dxf").status_code == 400
    client.get("/v1/jobs/" + job["id"] + "/result")
    wait_until(lambda: of_event(watched, "delivery"))
    text = watched.log.read_text()
    assert MARKER not in text and watched.key[12:] not in text and "signature" not in text
    assert "forged" not in text
    for line in lines_of(watched):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"]), line
        assert line["level"] in ("debug", "info", "warning", "error", "critical")
        assert "message" not in line, line
        for name in ("status", "attempt", "bytes", "received", "signal", "wallMs", "try", "jobs"):
            assert isinstance(line.get(name, 0), int), line
        for name in ("requestId", "jobId", "accountId", "keyId", "traceId", "route", "method"):
            assert isinstance(line.get(name, ""), str), line


def test_a_request_is_one_line_at_its_end(watched):
    client = watched.client()
    answer = client.get("/v1/jobs?limit=1")
    wait_until(lambda: [l for l in of_event(watched, "request") if l["requestId"] == answer.headers["X-Request-Id"]])
    line, = [l for l in of_event(watched, "request") if l["requestId"] == answer.headers["X-Request-Id"]]
    assert line["method"] == "GET" and line["route"] == "/v1/jobs" and line["status"] == 200
    assert line["complete"] is True and line["ms"] >= 0 and line["bytes"] == int(answer.headers["Content-Length"])
    assert re.fullmatch("[0-9a-f]{32}", line["traceId"]) and line["keyId"].startswith("key_")
    probes = [client.get(path) for path in ("/live", "/health", "/ready")]
    assert [probe.status_code for probe in probes] == [200] * 3
    unknown = client.get("/nothing/at/all")
    lines_of = lambda answer: [l for l in of_event(watched, "request") if l["requestId"] == answer.headers["X-Request-Id"]]
    wait_until(lambda: lines_of(unknown))
    assert unknown.status_code == 404 and "route" not in lines_of(unknown)[0]
    assert not [line for probe in probes for line in lines_of(probe)], "probes that succeed are not news"


def test_a_trace_goes_from_the_request_to_the_webhook(watched, receiver, house):
    client = watched.client()
    sent = {"traceparent": PARENT, "tracestate": "rojo=00f067aa0ba902b7, congo=t61"}
    job = client.wait(client.submit(house, data={"webhookUrl": receiver.url()}, headers=sent))
    got = [headers for _, headers, _, body in receiver.wait(2) if body["jobId"] == job["id"]]
    spans = {headers["traceparent"].split("-")[2] for headers in got}
    assert len(spans) == 2 and "00f067aa0ba902b7" not in spans
    for headers in got:
        assert re.fullmatch(f"00-{TRACE}-[0-9a-f]{{16}}-01", headers["traceparent"])
        assert headers["tracestate"] == "rojo=00f067aa0ba902b7,congo=t61"
    wait_until(lambda: len([l for l in of_event(watched, "delivery") if l["jobId"] == job["id"]]) == 2)
    for event in ("job_accepted", "attempt_ended", "delivery"):
        lines = [l for l in of_event(watched, event) if l["jobId"] == job["id"]]
        assert lines and all(l["traceId"] == TRACE for l in lines), event
    assert any(l["traceId"] == TRACE and l["route"] == "/v1/parse" for l in of_event(watched, "request"))


@pytest.mark.parametrize("header", ["", "00-" + "0" * 32 + "-00f067aa0ba902b7-01", PARENT.upper(), PARENT + "-x"])
def test_a_trace_that_is_malformed_begins_anew(watched, header):
    answer = watched.client().get("/v1/formats", headers={"traceparent": header})
    wait_until(lambda: [l for l in of_event(watched, "request") if l["requestId"] == answer.headers["X-Request-Id"]])
    line, = [l for l in of_event(watched, "request") if l["requestId"] == answer.headers["X-Request-Id"]]
    assert line["traceId"] not in (TRACE, "0" * 32) and re.fullmatch("[0-9a-f]{32}", line["traceId"])


def test_metrics_tell_what_happened(watched, house):
    client = watched.client()
    before = metrics_of(watched)
    job = client.complete(house)
    assert client.parse(b"no drawing at all " * 300).status_code == 400
    assert Client(watched.base, "cadl_" + "0" * 48).get("/v1/jobs").status_code == 401
    assert client.get(f"/v1/jobs/{job['id']}/result").status_code == 200
    wait_until(lambda: value_of(metrics_of(watched), 'cadlens_jobs_in_progress') == 0)
    after = metrics_of(watched)

    def grew(name):
        return (value_of(after, name) or 0) - (value_of(before, name) or 0)
    assert grew('cadlens_jobs_accepted_total{format="DXF"}') == 1
    assert grew('cadlens_upload_bytes_total{format="DXF"}') == len(house)
    assert grew('cadlens_parse_seconds_count{format="DXF",outcome="completed"}') == 1
    assert grew('cadlens_queue_wait_seconds_count') == 1
    assert grew('cadlens_jobs_ended_total{status="completed"}') == 1
    assert grew('cadlens_auth_failures_total{reason="unknown"}') == 1
    assert grew('cadlens_http_requests_total{method="POST",route="/v1/parse",status="2xx"}') == 1
    assert grew('cadlens_http_requests_total{method="POST",route="/v1/parse",status="4xx"}') == 1
    assert grew('cadlens_http_received_bytes_total') > len(house)
    for store, operation in (("database", "read"), ("database", "transaction"), ("blobs", "create"),
                             ("blobs", "commit"), ("blobs", "open"), ("blobs", "read"), ("limiter", "take")):
        assert grew(f'cadlens_store_seconds_count{{operation="{operation}",store="{store}"}}') > 0, operation
    wait_until(lambda: value_of(metrics_of(watched), "cadlens_queue_waiting") == 0)
    assert value_of(after, "cadlens_spare_workers") is not None
    assert value_of(after, "process_resident_memory_bytes") > 1e6 and value_of(after, "process_open_fds") > 5
    assert 'cadlens_build_info{version="' in after
    assert watched.key[:12] not in after and job["id"] not in after and "acc_" not in after


def test_metrics_are_nowhere_on_the_api_and_nothing_else_is_beside_them(watched):
    assert watched.client().get("/metrics").status_code == 404
    port = of_event(watched, "metrics")[0]["port"]
    for method, path in (("GET", "/"), ("GET", "/v1/jobs"), ("GET", "/ready"), ("POST", "/metrics")):
        assert requests.request(method, f"http://127.0.0.1:{port}{path}", timeout=10).status_code == 404
    head = requests.head(f"http://127.0.0.1:{port}/metrics", timeout=10)
    assert head.status_code == 200


def test_S05_metrics_stay_on_a_private_address(tmp_path):
    for address in ("0.0.0.0:0", "203.0.113.5:9100", "[::]:0"):
        done = subprocess.run([PROGRAM, "serve", "--data", tmp_path / "d", "--metrics", address], capture_output=True,
                              text=True, timeout=20)
        assert done.returncode != 0 and "--metrics-public" in done.stderr and done.stderr.count("\n") == 1
    assert not (tmp_path / "d").exists()
    done = subprocess.run([PROGRAM, "serve", "--data", tmp_path / "d", "--log-format", "xml"], capture_output=True,
                          text=True, timeout=20)
    assert done.returncode != 0 and "text or json" in done.stderr


def test_ready_says_what_it_looked_at(watched):
    view = Client(watched.base, None).get("/ready").json()
    assert view["status"] == "ready" and view["db"] == "ok" and view["store"] == "ok" and view["degraded"] == []
    assert Client(watched.base, None).get("/health").json() == {"status": "ok", "db": "ok"}
    assert Client(watched.base, None).get("/live").json() == {"status": "ok"}


@pytest.mark.embedded("locks the SQLite file; test_cluster.py stops PostgreSQL")
def test_a_database_that_takes_no_writes_is_said_and_forgotten_when_it_does(make_server, house):
    """A lock that nobody gives back: reads go on, writes cannot be done, and nothing hangs for ever. A database that
    is away altogether: test_cluster.py."""
    server = make_server("--log-format", "json")
    client = server.client()
    with server.database() as database:
        database.execute("BEGIN EXCLUSIVE")
        begun = time.monotonic()
        answer = client.parse(house)
        assert time.monotonic() - begun < 60, "it does not wait for ever"
        assert answer.status_code == 503 and answer.headers["Retry-After"] and answer.json()["code"] == "UNAVAILABLE"
        told = [line for line in of_event(server, "request_failed") if line["requestId"] == answer.json()["requestId"]]
        assert told and told[0]["code"] == "UNAVAILABLE" and "database" in told[0]["reason"]
        assert client.get("/v1/jobs").json()["jobs"] == [], "reads go on"
        assert client.get("/health").status_code == 200
        database.rollback()
    assert client.complete(house)
