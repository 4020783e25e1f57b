# SPDX-License-Identifier: Apache-2.0
"""The calls that published clients make, with the fields they send and read: a client written for the hosted service
works here with another base URL. What is listed here is what they rely on, no more."""
import re
import uuid

import pytest
import requests

from conftest import Client
from people import add_person

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
JOB = {"id", "uuid", "status", "fileName", "fileSize", "mimeType", "webhookUrl", "createdAt", "updatedAt", "startedAt",
       "completedAt", "errorMsg", "imageUrl"}


@pytest.fixture(scope="module")
def person(make_server):
    return add_person(make_server())


@pytest.fixture(scope="module")
def key(person):
    return person.key_client()


def has(fields, body):
    missing = set(fields) - set(body)
    assert not missing, missing
    return body


def test_upload_poll_take_the_result_and_delete(key, house):
    accepted = has({"job_id", "status", "fileName", "fileSize", "createdAt"}, key.parse(house, name="plan.dxf").json())
    assert accepted["status"] == "PENDING" and accepted["fileName"] == "plan.dxf" and accepted["fileSize"] == len(house)
    early = key.get(f"/v1/jobs/{accepted['job_id']}/result")
    assert early.status_code in (200, 409) and (early.status_code == 200 or "error" in early.json())
    job = has(JOB, key.wait(accepted["job_id"]))
    assert job["status"] == "COMPLETED" and uuid.UUID(job["uuid"]) and job["id"].startswith("job_")
    for name in ("createdAt", "updatedAt", "startedAt", "completedAt"):
        assert TIME.fullmatch(job[name]), name
    result = key.get(f"/v1/jobs/{job['id']}/result").json()
    has({"schemaVersion", "parserVersion", "jobId", "status", "file", "summary", "sheets", "metadata", "parseInfo",
         "imageUrl", "imageUrls", "createdAt"}, result)
    assert result["schemaVersion"] == "2.0.0" and result["jobId"] == job["id"]
    image = has({"imageUrl", "imageUrls"}, key.get(f"/v1/jobs/{job['id']}/image").json())
    assert requests.get(image["imageUrl"], timeout=30).headers["Content-Type"] == "image/png"
    assert [j["id"] for j in key.get("/v1/jobs").json()["jobs"]][0] == job["id"]
    # One client parses this answer's body and fails on an empty one, others take either.
    gone = key.delete(f"/v1/jobs/{job['id']}")
    assert gone.status_code == 200 and gone.json() == {"deleted": True, "id": job["id"], "artefacts": gone.json()["artefacts"]}
    assert key.get(f"/v1/jobs/{job['id']}").status_code == 404


@pytest.mark.parametrize("how", [{"data": {"mode": "sync"}}, {"data": {"wait": "true"}}, {"path": "/v1/parse?wait=true"}])
def test_waiting_in_each_of_the_ways_that_clients_ask_for_it(key, house, how):
    answer = key.parse(house, name="plan.dxf", **how)
    assert answer.status_code == 200
    has({"job_id", "fileName", "fileSize", "createdAt", "completedAt", "sheets", "summary", "metadata"}, answer.json())


def test_the_older_names_of_fields(key, house):
    answer = key.parse(house, data={"webhook_url": "https://example.com/hook", "notify_email": "a@example.com"})
    assert answer.status_code == 202
    assert key.get(f"/v1/jobs/{answer.json()['job_id']}").json()["webhookUrl"] == "https://example.com/hook"


def test_errors_as_clients_read_them(key, person, house):
    missing = key.get("/v1/jobs/job_" + "0" * 32)
    assert missing.status_code == 404 and missing.json()["error"] == "Job not found"
    wrong = key.parse(house, data={"webhookUrl": "nonsense"}).json()
    assert wrong["error"] == "Validation error"
    assert wrong["details"]["fieldErrors"]["webhookUrl"] and wrong["details"]["formErrors"] == []
    nobody = Client(person.server.base, None)
    assert nobody.get("/v1/jobs").status_code == 401 and "error" in nobody.get("/v1/jobs").json()
    no_drawing = key.parse(b"hello, world, this is no drawing at all", name="a.dwg")
    assert no_drawing.status_code == 400 and "error" in no_drawing.json()


def test_keys_in_the_dashboard(person):
    made = person.call("POST", "/v1/keys", json={"name": "from the dashboard"})
    assert made.status_code == 201
    body = has({"id", "name", "keyPrefix", "key", "createdAt"}, made.json())
    assert re.fullmatch("cadl_[0-9a-f]{48}", body["key"]) and body["key"].startswith(body["keyPrefix"])
    assert any(k["id"] == body["id"] for k in person.get("/v1/keys").json()["keys"])
    deleted = person.call("DELETE", "/v1/keys/" + body["id"])
    assert deleted.status_code == 204 and deleted.content == b""


def test_account_in_the_dashboard(person):
    me = has({"id", "uuid", "email", "plan", "profileComplete"}, person.get("/v1/auth/me").json())
    assert me["email"] == person.email
    fields = {"fullName": "A", "phone": "1", "country": "DE", "timezone": "Europe/Berlin", "marketingOptIn": False,
              "companyName": "B", "companySize": "1-10", "industry": "steel", "vatNumber": "X",
              "billingAddressLine1": "1", "billingAddressLine2": "2", "billingCity": "3", "billingState": "4",
              "billingPostalCode": "5", "billingCountry": "6"}
    assert person.call("PUT", "/v1/me/profile", json=fields).status_code == 200
    stored = person.get("/v1/me/profile").json()
    assert {k: stored[k] for k in fields} == fields
    session = has({"token", "user", "profileComplete", "isNewUser"}, person.session)
    has({"id", "email", "profileComplete", "primaryProvider"}, session["user"])


def test_usage_and_logs_in_the_dashboard(person):
    usage = has({"plan", "planLabel", "limit", "used", "remaining", "overageCount", "periodStart", "periodEnd",
                 "renewalDate", "byKey", "byDay"}, person.get("/v1/me/usage").json())
    assert usage["limit"] is None and usage["remaining"] is None, "unlimited unless configured"
    logs = person.get("/v1/me/logs?source=job&level=info&limit=5").json()["logs"]
    assert len(logs) <= 5 and all(entry["source"] == "job" for entry in logs)


def test_webhooks_in_the_dashboard(person):
    made = person.call("POST", "/v1/me/webhooks", json={"url": "https://example.com/h", "isActive": True,
                                                         "setAsDefault": False})
    assert made.status_code == 201
    hook = has({"id", "url", "isActive"}, made.json())
    assert person.call("PATCH", "/v1/me/webhooks/" + hook["id"], json={"isActive": False}).json()["isActive"] is False
    assert person.get("/v1/me/webhooks/secret").json()["secret"]
    assert person.call("DELETE", "/v1/me/webhooks/" + hook["id"]).status_code == 204


def test_what_anybody_may_see(person):
    nobody = Client(person.server.base, None)
    assert nobody.get("/health").json() == {"status": "ok", "db": "ok"}
    keys = nobody.get("/.well-known/jwks.json").json()["keys"]
    assert keys and all(k["kty"] == "RSA" and k["alg"] == "RS256" for k in keys)
    plans = nobody.get("/v1/pricing").json()["plans"]
    assert [p["name"] for p in plans] == ["FREE", "STARTER", "GROWTH", "PRO", "BUSINESS", "ENTERPRISE"]
    contact = nobody.call("POST", "/v1/contact", json={"name": "A", "email": "a@example.com", "message": "Hello"})
    assert contact.status_code in (200, 201, 202)
    assert nobody.call("POST", "/v1/waitlist", json={"email": "a@example.com"}).status_code in (200, 201, 202)


def test_the_older_result_of_the_published_mcp_server(person, house):
    pinned = person.key_client(resultSchema="2024-01")
    job = pinned.complete(house)
    result = pinned.get(f"/v1/jobs/{job['id']}/result").json()
    has({"jobId", "status", "vectorJson", "layersJson", "metadata", "imageUrl", "createdAt"}, result)
    assert result["vectorJson"]["entities"] and "sheets" not in result
    for entity in result["vectorJson"]["entities"]:
        has({"type", "id", "layer"}, entity)
        if entity["type"] == "LINE":
            assert {"x", "y"} <= set(entity["start"]) and {"x", "y"} <= set(entity["end"])
    for layer in result["layersJson"]:
        has({"name", "color", "colorHex", "lineType", "isVisible", "entityCount"}, layer)
    sync = pinned.parse(house, data={"mode": "sync"}).json()
    has({"vectorJson", "layersJson", "metadata", "job_id", "fileName", "fileSize", "createdAt", "completedAt"}, sync)
