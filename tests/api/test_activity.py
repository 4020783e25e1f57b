# SPDX-License-Identifier: Apache-2.0
"""The feed of an account (GET /v1/me/logs), the audit log, and spikes of usage."""
import datetime
import json
import re

import pytest

from conftest import Client, wait_until
from receiver import Receiver

DAY = 86400
SCOPES = "parse jobs:read jobs:delete usage:read"


def logs(client, query=""):
    answer = client.get("/v1/me/logs" + query)
    assert answer.status_code == 200, answer.text
    return answer.json()["logs"]


def messages(client, query=""):
    return [entry["message"] for entry in logs(client, query)]


def audit(server, *arguments, code=0):
    done = server.run("admin", *arguments)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_feed_tells_of_requests_and_jobs(make_server, house):
    server = make_server()
    client = server.client()
    job = client.complete(house, name="secret-tower.dxf")["id"]
    client.get(f"/v1/jobs/{job}/result?token=hidden")
    client.get("/v1/jobs/job_" + "0" * 32)
    client.parse(b"hello")
    client.delete(f"/v1/jobs/{job}")
    wait_until(lambda: "DELETE /v1/jobs/{id} 200" in messages(client))
    wait_until(lambda: len(logs(client, "?source=job")) == 3)  # each node writes its own
    by_jobs = logs(client, "?source=job")
    assert [(e["message"], e["level"]) for e in by_jobs] == [
        ("Job deleted", "info"), ("Job completed", "info"), ("Job accepted", "info")]
    assert {e["jobId"] for e in by_jobs} == {job}
    entry = next(e for e in logs(client) if e["message"] == "GET /v1/jobs/{id} 404")
    assert entry["level"] == "warn" and entry["status"] == 404 and entry["jobId"] is None
    assert entry["requestId"] and entry["keyId"].startswith("key_") and "ms" in entry["detail"]
    assert messages(client, "?level=warn") == ["POST /v1/parse 400", "GET /v1/jobs/{id} 404"]
    assert "GET /v1/jobs/{id}/result 200" in messages(client, "?limit=200")
    assert not any("/v1/me/logs" in m for m in messages(client, "?limit=200")), "a look at the feed does not fill it"
    # Nothing of the drawing, of secrets, of query strings.
    text = json.dumps(logs(client, "?limit=200"))
    for secret in ("secret-tower", "token", "hidden", server.key[4:]):
        assert secret not in text
    # Filters: q without case, wildcards are text; before as a cursor and as a time.
    assert messages(client, "?q=JOB DEL") == ["Job deleted"]
    assert {e["jobId"] for e in logs(client, "?q=" + job[8:20].upper())} == {job}
    assert messages(client, "?q=%25") == [] and messages(client, "?q=J_b") == []
    pages, before = [], ""
    while True:
        page = client.get("/v1/me/logs?limit=3" + before).json()
        pages += page["logs"]
        if page["nextBefore"] is None:
            break
        before = "&before=" + page["nextBefore"]
    assert pages == logs(client, "?limit=200")
    assert [e["timestamp"] for e in pages] == sorted((e["timestamp"] for e in pages), reverse=True)
    middle = pages[len(pages) // 2]["timestamp"]
    assert all(e["timestamp"] < middle for e in logs(client, "?before=" + middle))
    for wrong in ("source=x", "level=x", "limit=0", "limit=201", "before=x", "q=" + "x" * 201):
        assert client.get("/v1/me/logs?" + wrong).status_code == 400, wrong
    assert Client(server.base, None).get("/v1/me/logs").status_code == 401


def test_S19_the_feed_is_the_accounts_own(make_server, house):
    server = make_server()
    one, other = server.client(), Client(server.base, server.add_key(SCOPES))
    job = one.complete(house)["id"]
    other.get(f"/v1/jobs/{job}")
    wait_until(lambda: len(logs(other)) == 1 and len(logs(one, "?source=job")) == 2)
    assert messages(other) == ["GET /v1/jobs/{id} 404"]
    assert messages(other, "?q=accepted") == []


def test_the_feed_tells_of_webhooks(make_server, house):
    receiver = Receiver()
    receiver.answers = [(500, {})]
    server = make_server("--webhook-allow", "127.0.0.0/8", "--webhook-allow-http")
    client = server.client()
    client.complete(house, data={"webhookUrl": receiver.url("/very-secret-path")})
    wait_until(lambda: len(logs(client, "?source=webhook")) == 3, 30)
    receiver.close()
    entries = logs(client, "?source=webhook")
    assert [(e["message"], e["level"], e["status"]) for e in entries] == [
        ("Webhook job.completed delivered", "info", 200), ("Webhook job.processing delivered", "info", 200),
        ("Webhook job.processing failed, will be tried again", "warn", 500)]
    assert entries[1]["detail"]["event"] == entries[2]["detail"]["event"] and entries[1]["detail"]["try"] == 2
    assert "very-secret" not in json.dumps(logs(client))


def test_what_waits_is_written_at_the_end_and_goes_at_30_days(make_server, house, tmp_path):
    clock = tmp_path / "clock"
    clock.write_text("0")
    server = make_server("--clock-file", str(clock))
    client = server.client()
    client.complete(house)
    assert server.stop() == 0
    with server.database() as database:
        kept = [row[0] for row in database.execute("SELECT message FROM activity")]
    assert "Job completed" in kept and "POST /v1/parse 202" in kept
    clock.write_text(str(29 * DAY))
    server.restart()
    client = server.client()
    wait_until(lambda: "Job expired" in messages(client, "?source=job"))
    assert "Job completed" in messages(client, "?source=job")
    clock.write_text(str(31 * DAY))
    wait_until(lambda: "Job completed" not in messages(client, "?source=job"))


def test_S24_S09_key_administration_is_in_the_audit_log(make_server):
    server = make_server()
    server.run("admin", "add-key", "--account", "jane@example.com", "--name", "jane@example.com")
    with server.database() as database:
        account, key = database.execute("SELECT account_id, id FROM api_keys WHERE name LIKE 'jane%'").fetchone()
    server.run("admin", "rotate-key", key)
    server.run("admin", "revoke-key", key)
    server.rotate_master_key()
    listed = audit(server, "list-audit")
    names = [line.split("  ")[2] for line in listed.splitlines()]
    assert names == ["master_key.rotated", "key.revoked", "key.rotated", "key.created", "account.created",
                     "key.created", "account.created"]
    assert len(audit(server, "list-audit", "--account", account).splitlines()) == 4
    assert len(audit(server, "list-audit", "--limit", "2").splitlines()) == 2
    assert "jane" not in listed and "cadl_" not in listed
    checked = audit(server, "verify-audit")
    head = re.search(r"^7 entries in order, head ([0-9a-f]{64})$", checked)[1]
    # The service's log has the head, also of what other processes wrote: here with its next start.
    server.stop()
    server.restart()
    assert f"event=audit seq=7 name=master_key.rotated head={head}" in server.log.read_text()


def test_a_changed_audit_log_is_found(make_server):
    server = make_server()
    for _ in range(3):
        server.run("admin", "add-key", "--account", "other")
    for change in ("UPDATE audit SET actor = 'x' WHERE seq = 2", "DELETE FROM audit WHERE seq = 6"):
        with pytest.raises(Exception, match="append-only"), server.database() as database:
            database.execute(change)
    audit(server, "verify-audit")
    with server.database() as database:
        database.execute("DROP TRIGGER audit_append_only ON audit" if server.cluster else "DROP TRIGGER audit_no_update")
        database.execute("UPDATE audit SET actor = 'somebody' WHERE seq = 2")
    assert "broken at entry 2" in audit(server, "verify-audit", code=1)


def test_S25_without_the_master_key_no_key_is_changed(make_server):
    server = make_server(environment={"CADLENS_MASTER_KEY": "ab" * 32})
    refused = server.run("admin", "add-key", "--account", "other", environment={"CADLENS_MASTER_KEY": ""})
    assert refused.returncode != 0 and "master key" in refused.stderr
    assert server.run("admin", "add-key", "--account", "other").returncode == 0


def fill_history(server, key, requests, days=28):
    """As if the key had been used like that since long."""
    today = int(datetime.datetime.now(datetime.timezone.utc).timestamp()) // DAY
    with server.database() as database:
        account, id = database.execute("SELECT account_id, id FROM api_keys WHERE prefix = ?", (key[:12],)).fetchone()
        database.execute("UPDATE api_keys SET created_at = ? WHERE id = ?", ((today - 60) * DAY * 1000, id))
        for day in range(today - days, today):
            database.execute("INSERT INTO usage (account_id, day, key_id, format, requests) VALUES (?, ?, ?, 'DXF', ?)",
                             (account, day, id, requests + day % 3))
    return id


def test_S23_a_spike_is_flagged_logged_audited_and_mailed(make_server, mailbox, house, tmp_path, idle_worker):
    clock = tmp_path / "clock"
    clock.write_text("0")
    server = make_server("--clock-file", str(clock), "--worker", idle_worker, "--max-uploads", "100",
                         "--smtp-url", f"smtp://127.0.0.1:{mailbox.port}", "--smtp-from", "cad@example.com",
                         "--owner-email", "owner@example.com")
    calm, leaked = server.client(), Client(server.base, server.add_key(SCOPES))
    calm_id = fill_history(server, calm.key, 30)
    leaked_id = fill_history(server, leaked.key, 2)
    for client in (calm, leaked):
        for _ in range(25):
            client.submit(house)
    wait_until(lambda: leaked.get("/v1/me/usage").json()["spikes"])
    [spike] = leaked.get("/v1/me/usage").json()["spikes"]
    assert spike["keyId"] == leaked_id and spike["usual"] == 3 and 20 <= spike["requests"] <= 25
    assert spike["day"] == datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    wait_until(lambda: logs(leaked, "?source=account"))
    for _ in range(5):
        leaked.submit(house)
    clock.write_text("1")
    wait_until(lambda: "event=usage_spike" in server.log.read_text())
    [entry] = logs(leaked, "?source=account")
    assert entry["level"] == "warn" and "Unusual usage of a key" in entry["message"] and entry["keyId"] == leaked_id
    assert calm.get("/v1/me/usage").json()["spikes"] == [] and not logs(calm, "?source=account")
    told = re.findall(r"event=usage_spike account=\S+ key=(\S+)", server.log.read_text())
    assert told == [leaked_id], "once, and the calm key never"
    # Its account has no user: whoever runs the service is told.
    wait_until(lambda: mailbox.texts_to("owner@example.com"), 30)
    [mail] = mailbox.texts_to("owner@example.com")
    assert leaked_id in mail and "may have leaked" in " ".join(mail.split()) and leaked.key not in mail
    listed = audit(server, "list-audit")
    assert listed.count("usage.spike") == 1 and leaked_id in listed and calm_id
    audit(server, "verify-audit")
