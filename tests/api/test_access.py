# SPDX-License-Identifier: Apache-2.0
"""S19, S21: every route with every kind of caller. The table of routes says who may call; whoever may not learns
nothing, least of all whether something exists."""
import re

import pytest

from conftest import Client, ROOT
from people import add_person

ROUTES = re.findall(r'Route\{"(\w+)",\s*"([^"]+)",\s*Access::(\w+)\((?:Scope::(\w+))?\)',
                    (ROOT / "src/http/routes.cpp").read_text())
SCOPES = {"parse": "parse", "read": "jobs:read", "remove": "jobs:delete", "webhooks": "webhooks",
          "usage": "usage:read"}
# Those that end something are tried with what is not the caller's, and last with what is.
ENDING = {("DELETE", "/v1/me/account"), ("POST", "/v1/auth/logout"), ("DELETE", "/v1/auth/sessions")}
# No provider is configured here: test_oauth.py has what their owners get.
ENDING |= {("POST", "/v1/auth/{provider}/link"), ("DELETE", "/v1/auth/{provider}/link")}


class World:
    """An account with one of everything, and callers of every kind."""

    def __init__(self, server, house):
        self.server, self.house = server, house
        self.owner, self.stranger = add_person(server), add_person(server)
        self.every = self.owner.make_key(scopes=list(SCOPES.values()))
        self.key = Client(server.base, self.every["key"])
        self.job = self.key.complete(house)["id"]
        self.webhook = self.owner.call("POST", "/v1/me/webhooks", json={"url": "https://receiver.invalid/hook"}).json()["id"]
        self.delivery = self.owner.call("POST", f"/v1/me/webhooks/{self.webhook}/test", json={}).json()["deliveryId"]
        self.session = self.owner.session["sessionId"]
        revoked = self.owner.make_key()
        self.owner.call("DELETE", "/v1/keys/" + revoked["id"])
        expired = server.add_key(expires=1)
        self.clients = {
            "nobody": Client(server.base, None),
            "revoked": Client(server.base, revoked["key"]),
            "expired": Client(server.base, expired),
            "mistyped": Client(server.base, self.every["key"][:-1] + ("0" if self.every["key"][-1] != "0" else "1")),
            "forged": Client(server.base, ".".join(self.owner.session["token"].split(".")[:2]) + ".AAAA"),
            "other key": self.owner.key_client(scopes=list(SCOPES.values())),
            "other user": self.stranger.client,
            "other user's key": self.stranger.key_client(scopes=list(SCOPES.values())),
        }
        self.narrow = {scope: self.owner.key_client(scopes=[s for s in SCOPES.values() if s != scope])
                       for scope in SCOPES.values()}

    def path(self, pattern, known=True):
        """With the ids of what the owner has, or of what nobody has."""
        if "/jobs/" in pattern or "/previews/" in pattern:
            thing = self.job
        elif "/keys/" in pattern:
            thing = self.every["id"]
        elif "/deliveries/" in pattern:
            thing = self.delivery
        elif "/webhooks/" in pattern:
            thing = self.webhook
        else:
            thing = self.session
        if not known:
            start, _, digits = thing.partition("_")
            thing = start + "_" + ("0" * len(digits))
        return pattern.replace("{id}", thing).replace("{file}", "0.png").replace("{provider}", "google")

    def ask(self, client, method, pattern, known=True):
        options = {}
        if (method, pattern) == ("POST", "/v1/parse"):
            options["files"] = {"file": ("house.dxf", self.house)}
        elif method in ("POST", "PUT", "PATCH"):
            options["json"] = {}
        answer = client.call(method, self.path(pattern, known), **options)
        body = answer.json() if answer.headers.get("Content-Type", "").startswith("application/json") else {}
        body.pop("requestId", None)
        return answer.status_code, body


@pytest.fixture(scope="module")
def world(make_server, house):
    return World(make_server(), house)


def test_the_table_is_read():
    assert len(ROUTES) > 40 and {access for _, _, access, _ in ROUTES} == {"open", "with", "session"}


@pytest.mark.parametrize("method, pattern, access, scope", ROUTES)
def test_S19_who_is_nobody_gets_in_nowhere(world, method, pattern, access, scope):
    for name in ("nobody", "revoked", "expired", "mistyped", "forged"):
        status, body = world.ask(world.clients[name], method, pattern)
        if access == "open":
            # Their tokens and codes are the key: nothing here asks for another.
            assert status in (200, 400, 401, 403, 404), (name, status)
            assert body.get("code") != "UNAUTHORIZED"
        else:
            assert (status, body["code"]) == (401, "UNAUTHORIZED"), (name, status)
            assert (status, body) == world.ask(world.clients[name], method, pattern, known=False)


@pytest.mark.parametrize("method, pattern, access, scope", [r for r in ROUTES if r[2] == "with"])
def test_S21_a_key_without_the_scope_is_refused(world, method, pattern, access, scope):
    status, body = world.ask(world.narrow[SCOPES[scope]], method, pattern)
    assert (status, body["code"]) == (403, "FORBIDDEN")
    assert SCOPES[scope] in body["error"]
    assert (status, body) == world.ask(world.narrow[SCOPES[scope]], method, pattern, known=False)


@pytest.mark.parametrize("method, pattern, access, scope", [r for r in ROUTES if r[2] == "session"])
def test_S21_no_key_acts_as_its_owner(world, method, pattern, access, scope):
    for client in (world.key, world.clients["other user's key"]):
        status, body = world.ask(client, method, pattern)
        assert (status, body["code"]) == (403, "SESSION_NEEDED")
        assert (status, body) == world.ask(client, method, pattern, known=False)


@pytest.mark.parametrize("method, pattern, access, scope", [r for r in ROUTES if "{id}" in r[1] and r[2] != "open"])
def test_S19_what_others_have_looks_like_what_is_not_there(world, method, pattern, access, scope):
    callers = ["other user"] if access == "session" else ["other user", "other user's key"]
    if "/jobs/" in pattern:
        callers.append("other key")
    for name in callers:
        found = world.ask(world.clients[name], method, pattern)
        assert found[0] == 404, (name, found)
        assert found == world.ask(world.clients[name], method, pattern, known=False), name


@pytest.mark.parametrize("method, pattern, access, scope", [r for r in ROUTES if "{id}" not in r[1] and r[0] == "GET"
                                                            and r[2] != "open"])
def test_S19_lists_hold_nothing_of_others(world, method, pattern, access, scope):
    for name in ("other user", "other user's key"):
        status, body = world.ask(world.clients[name], method, pattern)
        assert status == (403 if access == "session" and name == "other user's key" else 200)
        text = str(body)
        for secret in (world.job, world.every["id"], world.every["keyPrefix"], world.webhook, world.session,
                       world.owner.email, "receiver.invalid", world.delivery):
            assert secret not in text


def test_S19_what_is_ones_own_is_there(world):
    """Last: the owner reaches all of it, and it has survived what the others tried."""
    for method, pattern, access, _ in ROUTES:
        if access == "open" or (method, pattern) in ENDING or method == "DELETE":
            continue
        status, body = world.ask(world.owner.client, method, pattern)
        # No other service is configured to sign in with.
        assert status in (200, 201, 202, 400) or (status == 404 and "{provider}" in pattern), (method, pattern, body)
    assert world.key.get("/v1/jobs/" + world.job).status_code == 200
    assert world.clients["other key"].get("/v1/jobs").json()["jobs"] == []
    assert {j["id"] for j in world.owner.get("/v1/jobs").json()["jobs"]} >= {world.job}
    for method, pattern, access, _ in ROUTES:
        if method == "DELETE" and access != "open" and (method, pattern) not in ENDING and "session" not in pattern:
            status, _ = world.ask(world.owner.client, method, pattern)
            assert status in (200, 204) or (status == 404 and "{provider}" in pattern), (pattern, status)
    assert world.ask(world.owner.client, "DELETE", "/v1/auth/sessions/{id}")[0] == 204


def test_a_session_uploads_for_the_account_and_its_keys_do_not_see_it(make_server, house):
    server = make_server()
    person = add_person(server)
    key = person.key_client()
    job = person.client.complete(house)["id"]
    assert person.get(f"/v1/jobs/{job}/result").status_code == 200
    assert key.get(f"/v1/jobs/{job}").status_code == 404
    assert person.get("/v1/keys").json()["keys"][0]["name"] == "k" and len(person.get("/v1/keys").json()["keys"]) == 1
    assert person.client.delete(f"/v1/jobs/{job}").status_code == 200
