# SPDX-License-Identifier: Apache-2.0
"""API keys and webhook endpoints as their account manages them (S08, S09, S21, S24)."""
import datetime
import re

import pytest

from conftest import Client, wait_until
from people import add_person


@pytest.fixture(scope="module")
def person(make_server):
    return add_person(make_server())


def test_S08_a_raw_key_is_shown_once(person):
    made = person.make_key(name="quotes", label="production")
    assert re.fullmatch("cadl_[0-9a-f]{48}", made["key"]) and made["keyPrefix"] == made["key"][:12]
    listed = next(k for k in person.get("/v1/keys").json()["keys"] if k["id"] == made["id"])
    assert {k: v for k, v in made.items() if k != "key"} == listed
    assert made["key"] not in str(person.get("/v1/keys").json())
    # The clients that make keys send no scopes: those of jobs.
    assert made["scopes"] == ["parse", "jobs:read", "jobs:delete"]


def test_S09_a_revoked_key_is_refused_from_its_next_request_on(person):
    made = person.make_key()
    key = Client(person.server.base, made["key"])
    assert key.get("/v1/jobs").status_code == 200
    assert person.call("DELETE", "/v1/keys/" + made["id"]).status_code == 204
    assert key.get("/v1/jobs").status_code == 401
    assert person.call("DELETE", "/v1/keys/" + made["id"]).status_code == 204, "it stays revoked"
    assert next(k for k in person.get("/v1/keys").json()["keys"] if k["id"] == made["id"])["revokedAt"]


def test_S24_a_replacement_works_beside_the_old_key_and_sees_its_jobs(person, house):
    old = person.make_key(name="plant", label="staging", scopes=["parse", "jobs:read"], allowedNetworks=["127.0.0.0/8"])
    before = Client(person.server.base, old["key"])
    job = before.complete(house)["id"]
    new = person.call("POST", f"/v1/keys/{old['id']}/rotate").json()
    for field in ("name", "label", "scopes", "allowedNetworks"):
        assert new[field] == old[field]
    after = Client(person.server.base, new["key"])
    assert after.get("/v1/jobs/" + job).status_code == 200 and before.get("/v1/jobs/" + job).status_code == 200
    later = after.complete(house)["id"]
    assert before.get("/v1/jobs/" + later).status_code == 404, "an old key does not see what comes after it"
    chain = lambda: {k["id"]: (k["replaces"], k["replacedBy"], k["revokesAt"])
                     for k in person.get("/v1/keys").json()["keys"]}
    assert (new["replaces"], new["replacedBy"], new["revokesAt"]) == (old["id"], None, None)
    assert chain()[old["id"]] == (None, new["id"], None) and chain()[new["id"]] == (old["id"], None, None)
    again = person.call("POST", f"/v1/keys/{old['id']}/rotate")
    assert (again.status_code, again.json()["code"]) == (409, "KEY_REPLACED")
    person.call("DELETE", "/v1/keys/" + old["id"])
    assert before.get("/v1/jobs").status_code == 401 and after.get("/v1/jobs/" + job).status_code == 200


def test_S24_an_overlap_may_have_an_end(person):
    old = person.make_key()
    listed = lambda id: next(k for k in person.get("/v1/keys").json()["keys"] if k["id"] == id)
    second = person.call("POST", f"/v1/keys/{old['id']}/rotate", json={"overlapHours": 2}).json()
    third = person.call("POST", f"/v1/keys/{second['id']}/rotate", json={"overlapHours": 1}).json()
    assert listed(old["id"])["revokesAt"] == listed(old["id"])["expiresAt"] > listed(second["id"])["revokesAt"]
    assert (listed(second["id"])["replaces"], listed(second["id"])["replacedBy"]) == (old["id"], third["id"])
    assert listed(third["id"])["revokesAt"] is None
    person.call("DELETE", "/v1/keys/" + old["id"])
    assert listed(old["id"])["revokesAt"] is None, "it is over"
    old = person.make_key()
    new = person.call("POST", f"/v1/keys/{old['id']}/rotate", json={"overlapHours": 0}).json()
    assert Client(person.server.base, old["key"]).get("/v1/jobs").status_code == 401
    assert Client(person.server.base, new["key"]).get("/v1/jobs").status_code == 200


def test_S21_keys_expire_and_are_bound_to_networks(person):
    past, future = "2020-01-01T00:00:00Z", (datetime.datetime.utcnow() + datetime.timedelta(days=1)).isoformat() + "Z"
    refused = person.call("POST", "/v1/keys", json={"name": "k", "expiresAt": past})
    assert refused.status_code == 400
    made = person.make_key(expiresAt=future)
    assert made["expiresAt"][:19] == future[:19]
    away = person.make_key(allowedNetworks=["192.0.2.0/24"])
    assert Client(person.server.base, away["key"]).get("/v1/jobs").status_code == 403


@pytest.mark.parametrize("fields", [
    {"name": ""}, {"name": "x" * 201}, {"name": "k", "scopes": ["everything"]}, {"name": "k", "scopes": "parse"},
    {"name": "k", "allowedNetworks": ["0.0.0.0/0"]}, {"name": "k", "expiresAt": "soon"}, {"name": "k", "label": 5}, {},
])
def test_keys_that_make_no_sense_are_refused(person, fields):
    answer = person.call("POST", "/v1/keys", json=fields)
    assert answer.status_code == 400 and answer.json()["code"]


def test_webhook_endpoints(person):
    made = person.call("POST", "/v1/me/webhooks", json={"url": "https://example.com/a", "setAsDefault": True}).json()
    assert made["isDefault"] and made["isActive"] and made["secret"].startswith("whsec_")
    twice = person.call("POST", "/v1/me/webhooks", json={"url": "https://example.com/a"})
    assert (twice.status_code, twice.json()["code"]) == (409, "URL_TAKEN")
    other = person.call("POST", "/v1/me/webhooks", json={"url": "https://example.com/b", "isActive": False}).json()
    assert not other["isActive"]
    changed = person.call("PATCH", "/v1/me/webhooks/" + other["id"],
                          json={"isActive": True, "setAsDefault": True, "url": "https://example.com/c"}).json()
    assert changed["isActive"] and changed["isDefault"] and changed["url"] == "https://example.com/c"
    listed = person.get("/v1/me/webhooks").json()["webhooks"]
    assert [w["isDefault"] for w in listed] == [False, True]
    taken = person.call("PATCH", "/v1/me/webhooks/" + other["id"], json={"url": "https://example.com/a"})
    assert taken.status_code == 409
    for url in ("http://example.com/", "https://127.0.0.1/", "https://example.com/" + "x" * 500, "no url"):
        assert person.call("POST", "/v1/me/webhooks", json={"url": url}).status_code == 400
    secret = person.call("POST", f"/v1/me/webhooks/{made['id']}/secret", json={"overlapHours": 1}).json()["secret"]
    assert secret.startswith("whsec_") and secret != made["secret"]
    assert person.call("DELETE", "/v1/me/webhooks/" + made["id"]).status_code == 204
    assert person.call("DELETE", "/v1/me/webhooks/" + made["id"]).status_code == 404


def test_the_accounts_own_webhook_secret(person):
    first = person.get("/v1/me/webhooks/secret").json()["secret"]
    assert first == person.get("/v1/me/webhooks/secret").json()["secret"]
    second = person.call("POST", "/v1/me/webhooks/secret").json()["secret"]
    assert second != first and person.get("/v1/me/webhooks/secret").json()["secret"] == second
    stored = person.server.database().execute("SELECT secret, old_secret FROM webhook_secrets").fetchall()
    assert first not in str(stored) and second not in str(stored)


def test_strangers_write_to_whoever_runs_the_service(make_server, mailbox):
    server = make_server("--smtp-url", f"smtp://127.0.0.1:{mailbox.port}", "--smtp-from", "cad@example.com",
                         "--owner-email", "owner@example.com")
    nobody = Client(server.base, None)
    fields = {"name": "Ada", "email": "ada@example.com", "message": "What does\nit cost?\x1b[31m"}
    assert nobody.call("POST", "/v1/contact", json=fields).status_code == 202
    first = nobody.call("POST", "/v1/waitlist", json={"email": "ada@example.com"})
    again = nobody.call("POST", "/v1/waitlist", json={"email": "ada@example.com"})
    assert first.status_code == again.status_code == 202 and first.json() == again.json()
    for wrong in ({}, {"email": "no address", "message": "x"}, {"email": "a@example.com"},
                  {"email": "a@example.com", "message": "x" * 10001}):
        assert nobody.call("POST", "/v1/contact", json=wrong).status_code == 400
    wait_until(lambda: any("it cost?" in text for text in mailbox.texts_to("owner@example.com")), 30)
    listed = server.run("admin", "list-messages").stdout
    assert "ada@example.com" in listed and "\x1b" not in listed and listed.count("waitlist") == 2
    stored = server.database().execute("SELECT sealed FROM messages").fetchall()
    # What is sealed is base64, whose letters may form any word: a blank or an @ they have not.
    assert len(stored) == 3 and not any(plain in str(stored) for plain in ("ada@", "What does"))
